using Sluice.Runtime.Hosting;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Tests.Models;

public sealed class RunPaceTests
{
    private readonly RunPace pace = new();

    [Fact]
    public void Nothing_is_known_of_a_new_model()
    {
        Run(RunPace.Row - 1, 0.00001);

        pace.IsShort(16).Should().BeFalse();
    }

    [Fact]
    public void Short_calls_in_a_row_make_it_short_for_inputs_like_theirs()
    {
        Run(RunPace.Row, 0.00001);

        pace.IsShort(16).Should().BeTrue();
        pace.IsShort(17).Should().BeFalse("nobody knows how long a larger one takes");
    }

    [Fact]
    public void A_slow_call_takes_it_back_until_there_are_as_many_short_ones_again()
    {
        Run(RunPace.Row, 0.00001);
        pace.Ran(RunPace.Short, 8, 8);

        Run(RunPace.Row - 1, 0.00001);
        pace.IsShort(8).Should().BeFalse();
        Run(1, 0.00001);
        pace.IsShort(8).Should().BeTrue();
    }

    [Fact]
    public void Much_to_read_or_write_is_not_short_however_fast_the_model_is()
    {
        Run(RunPace.Row, 0.00001);
        pace.Ran(0.00001, 16, EventThread.SmallBytes + 1);

        pace.IsShort(16).Should().BeFalse();
    }

    private void Run(int times, double seconds)
    {
        for (var i = 0; i < times; i++)
            pace.Ran(seconds, 16, 16);
    }
}
