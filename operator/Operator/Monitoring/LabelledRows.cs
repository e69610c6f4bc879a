using Sluice.Contract;

namespace Sluice.Operator.Monitoring;

/// <summary>Rows whose truth was told, of the latest that each pod keeps.</summary>
/// <param name="Right">Those whose class was answered rightly.</param>
/// <param name="All">All of them.</param>
internal readonly record struct LabelledRows(long Right, long All)
{
    public double Accuracy => All == 0 ? double.NaN : (double)Right / All;

    public static LabelledRows operator +(LabelledRows left, LabelledRows right) => Add(left, right);

    public static LabelledRows Add(LabelledRows left, LabelledRows right) => new(left.Right + right.Right, left.All + right.All);

    /// <summary>None where labels are numbers.</summary>
    public static LabelledRows Of(FeedbackDocument? feedback) =>
        feedback?.Accuracy is { } accuracy ? new((long)Math.Round(accuracy * Classes(feedback)), Classes(feedback)) : default;

    /// <summary>An older runtime does not count classes and numbers apart.</summary>
    static int Classes(FeedbackDocument feedback) => feedback.ClassRows ?? feedback.Rows;
}
