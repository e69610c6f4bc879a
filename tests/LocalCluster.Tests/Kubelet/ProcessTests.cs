using Sluice.LocalCluster.Kubelet.Processes;
using Sluice.Support;

namespace Sluice.LocalCluster.Tests.Kubelet;

public sealed class ProcessTests
{
    private static readonly Dictionary<string, string> Path = new() { ["PATH"] = "/usr/bin:/bin" };

    [Fact]
    public async Task A_process_gets_its_arguments_environment_and_folder_and_nothing_else()
    {
        using var folder = new TempFolder();
        var process = SpawnedProcess.Start(new ProcessSpec(
            ["/bin/sh", "-c", "pwd; echo \"$1\"; env | sort; echo to-error >&2", "sh", "näme with space"],
            new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["ONE"] = "1 = one" }, folder));
        var output = await new StreamReader(process.Output).ReadToEndAsync();

        (await process.Exited).Should().Be(new ProcessExit(0, 0));
        output.Split('\n').Where(line => !line.StartsWith("_=", StringComparison.Ordinal)).Should().Equal(
            folder.Path, "näme with space", "ONE=1 = one", "PATH=/usr/bin:/bin", $"PWD={folder.Path}", "to-error", "");
    }

    [Theory]
    [InlineData("exit 7", 7, 0)]
    [InlineData("kill -TERM $$", 143, 15)]
    [InlineData("kill -KILL $$", 137, 9)]
    public async Task The_end_of_a_process_tells_exit_code_and_signal(string script, int code, int signal)
    {
        var process = SpawnedProcess.Start(new ProcessSpec(["/bin/sh", "-c", script], Path, "/"));

        (await process.Exited).Should().Be(new ProcessExit(code, signal));
    }

    [Fact]
    public void A_program_that_is_missing_is_named()
    {
        var start = () => SpawnedProcess.Start(new ProcessSpec(["/no/such/program"], Path, "/"));

        start.Should().Throw<ProcessStartException>().WithMessage("exec /no/such/program: No such file or directory");
    }

    [Fact]
    public async Task Signals_are_at_their_defaults_in_a_new_process()
    {
        // The .NET runtime ignores SIGPIPE; "yes" would then complain instead of ending silently.
        var process = SpawnedProcess.Start(new ProcessSpec(["/bin/sh", "-c", "yes | head -n 1"], Path, "/"));

        (await new StreamReader(process.Output).ReadToEndAsync()).Should().Be("y\n");
        (await process.Exited).Code.Should().Be(0);
    }

    [Fact]
    public async Task Killing_takes_the_children_along()
    {
        var process = SpawnedProcess.Start(new ProcessSpec(["/bin/sh", "-c", "sleep 1000 & echo $!; wait"], Path, "/"));
        var child = int.Parse((await new StreamReader(process.Output).ReadLineAsync())!);

        process.KillAll();

        (await process.Exited).Signal.Should().Be(9);
        await Eventually.TrueAsync(() => !Alive(child), "the child is gone");
    }

    [Fact]
    public async Task The_guard_kills_what_is_left_when_its_owner_goes_and_spares_what_was_removed()
    {
        var guard = new ProcessGuard();
        var left = SpawnedProcess.Start(new ProcessSpec(["/bin/sleep", "1000"], Path, "/"));
        var removed = SpawnedProcess.Start(new ProcessSpec(["/bin/sleep", "1000"], Path, "/"));
        guard.Add(left.Pid);
        guard.Add(removed.Pid);
        guard.Remove(removed.Pid);

        await guard.DisposeAsync();

        (await left.Exited).Signal.Should().Be(9);
        removed.Exited.IsCompleted.Should().BeFalse();
        removed.KillAll();
    }

    [Fact]
    public async Task A_guard_that_was_killed_is_replaced_and_told_everything_again()
    {
        var guard = new ProcessGuard();
        var first = SpawnedProcess.Start(new ProcessSpec(["/bin/sleep", "1000"], Path, "/"));
        var second = SpawnedProcess.Start(new ProcessSpec(["/bin/sleep", "1000"], Path, "/"));
        guard.Add(first.Pid);
        var old = guard.Pid!.Value;
        _ = Native.Kill(old, Native.SignalKill);
        await Eventually.TrueAsync(() => !Alive(old), "the first guard is gone");

        guard.Add(second.Pid);
        await guard.DisposeAsync();

        (await first.Exited).Signal.Should().Be(9);
        (await second.Exited).Signal.Should().Be(9);
    }

    [Fact]
    public async Task What_a_killed_guard_left_is_killed_by_its_owner()
    {
        var guard = new ProcessGuard();
        var left = SpawnedProcess.Start(new ProcessSpec(["/bin/sleep", "1000"], Path, "/"));
        guard.Add(left.Pid);
        _ = Native.Kill(guard.Pid!.Value, Native.SignalKill);

        await guard.DisposeAsync();

        (await left.Exited).Signal.Should().Be(9);
    }

    private static bool Alive(int pid) => Directory.Exists($"/proc/{pid}")
        && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ");
}
