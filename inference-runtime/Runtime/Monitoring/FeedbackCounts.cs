using Sluice.Monitoring.Feedback;

namespace Sluice.Runtime.Monitoring;

/// <summary>What became of labels.</summary>
internal record struct FeedbackCounts(long Joined, long Given, long Unknown, long Late, long Duplicate)
{
    public static FeedbackCounts operator -(FeedbackCounts after, FeedbackCounts before) => new(
        after.Joined - before.Joined,
        after.Given - before.Given,
        after.Unknown - before.Unknown,
        after.Late - before.Late,
        after.Duplicate - before.Duplicate);

    public void Count(Join join)
    {
        switch (join)
        {
            case Join.Joined:
                Joined++;
                break;
            case Join.Late:
                Late++;
                break;
            case Join.Duplicate:
                Duplicate++;
                break;
            default:
                Unknown++;
                break;
        }
    }
}
