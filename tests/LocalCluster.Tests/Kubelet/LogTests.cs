using System.Text;
using Sluice.LocalCluster.Kubelet.Logs;

namespace Sluice.LocalCluster.Tests.Kubelet;

public sealed class LogTests
{
    [Fact]
    public async Task Each_line_carries_its_time_with_nanoseconds_and_a_last_line_without_end_is_kept()
    {
        using var folder = new TempFolder();
        var path = folder.File("0.log");
        using (var writer = new LogWriter(path, TimeProvider.System))
            await writer.CopyAsync(new MemoryStream("one\ntwo words\n\nlast"u8.ToArray()), default);

        var lines = await File.ReadAllLinesAsync(path);

        lines.Should().HaveCount(4).And.OnlyContain(line =>
            System.Text.RegularExpressions.Regex.IsMatch(line, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z "));
        lines.Select(line => line[31..]).Should().Equal("one", "two words", "", "last");
    }

    [Fact]
    public async Task A_full_file_is_moved_aside_and_no_line_is_lost()
    {
        using var folder = new TempFolder();
        var path = folder.File("0.log");
        var text = string.Concat(Enumerable.Range(0, 30).Select(i => $"line {i}\n"));
        using (var writer = new LogWriter(path, TimeProvider.System, rotateAtBytes: 600))
            await writer.CopyAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), default);

        var both = File.ReadAllLines(LogFiles.Rotated(path)).Concat(File.ReadAllLines(path)).Select(line => line[31..]);

        both.Should().Equal(Enumerable.Range(0, 30).Select(i => $"line {i}"));
    }

    [Fact]
    public async Task A_line_without_end_is_cut_and_nothing_of_it_is_lost()
    {
        using var folder = new TempFolder();
        var path = folder.File("0.log");
        var text = new string('x', 40_000);
        using (var writer = new LogWriter(path, TimeProvider.System))
            await writer.CopyAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), default);

        string.Concat(File.ReadAllLines(path).Select(line => line[31..])).Should().Be(text);
    }
}
