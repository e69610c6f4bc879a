using System.Text.RegularExpressions;
using Sluice.Contract;
using Sluice.Support.Programs;

namespace Sluice.Runtime.Tests.Storage;

/// <summary>docs/models-and-storage.md is held to what is there: schemes, keys of credentials, reasons, and who tests what.</summary>
public sealed partial class StoragePageTests
{
    /// <summary>Servers of the column "tested against", by the tests that run against them.</summary>
    private static readonly Dictionary<string, (Type Tests, Type? Server)> Servers = new()
    {
        ["nginx"] = (typeof(NginxTests), typeof(NginxServer)),
        ["s3rver"] = (typeof(S3SourceTests), typeof(S3Server)),
        ["checks signatures"] = (typeof(SignedBucketTests), null),
        ["Azurite"] = (typeof(AzureSourceTests), typeof(AzureServer)),
        ["docker-registry"] = (typeof(OciSourceTests), typeof(OciServer)),
        ["file system"] = (typeof(PullTests), null),
    };

    private static List<string> Faulted { get; } = [.. ((IEnumerable<object[]>)FaultTests.Schemes).Select(static f => (string)f[0])];

    private static string Page { get; } = File.ReadAllText(Checkout.Path("docs", "models-and-storage.md"));

    private static string Sources { get; } = string.Concat(
        Directory.EnumerateFiles(Checkout.Path("inference-runtime", "Runtime", "Storage"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

    [Fact]
    public void Its_schemes_are_those_that_are_served() =>
        Rows("scheme").SelectMany(static r => Schemes(r[0])).Distinct().Should().BeEquivalentTo(StorageSchemes.Supported);

    [Fact]
    public void Where_it_says_that_faults_are_tried_they_are()
    {
        var said = Rows("scheme").Where(static r => r[^1].Contains("faults", StringComparison.Ordinal)).ToList();

        // A row of several schemes is one storage, which bears one of their names, or that of its server.
        said.Should().OnlyContain(r => Faulted.Exists(f => Schemes(r[0]).Contains(f) || r[0].Contains(f, StringComparison.OrdinalIgnoreCase)));
        said.Should().HaveCount(Faulted.Count);
    }

    [Fact]
    public void Each_server_that_it_names_has_tests()
    {
        var said = Rows("scheme").Select(static r => r[^1]).ToList();
        said.Should().OnlyContain(static cell => cell.Contains("with faults") || Servers.Keys.Any(cell.Contains));
        foreach (var (name, (tests, server)) in Servers)
        {
            said.Should().Contain(cell => cell.Contains(name, StringComparison.Ordinal), $"{tests.Name} are worth a word");
            if (server is not null)
                tests.GetInterfaces().Should().Contain(typeof(IClassFixture<>).MakeGenericType(server));
        }
    }

    [Fact]
    public void Every_key_of_a_Secret_that_is_read_is_explained_and_every_one_that_is_explained_is_read()
    {
        var explained = Rows("storage").SelectMany(static r => Quoted().Matches(r[1]).Select(static m => m.Groups[1].Value)).Distinct().ToList();
        var read = Reads().Matches(Sources).SelectMany(static m => Literals().Matches(m.Value).Select(static l => l.Groups[1].Value)).Distinct().ToList();

        read.Should().HaveCountGreaterThan(30).And.BeSubsetOf(explained);
        explained.Should().OnlyContain(k => Sources.Contains($"\"{k}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_reason_that_a_fetch_can_have_is_explained()
    {
        var explained = Rows("reason").Select(static r => r[0].Trim('`')).ToHashSet();

        TerminationReason().Matches(Sources).Select(static m => m.Groups[1].Value).Distinct().Should().OnlyContain(reason => explained.Contains(reason));
    }

    /// <summary>The cells of a table without its head, found by the first word of that.</summary>
    private static List<string[]> Rows(string head) =>
    [
        .. Page.Split('\n').SkipWhile(line => !line.StartsWith($"| {head} |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(static line => line.StartsWith('|')).Select(static line => line.Trim('|').Split(" | ").Select(static c => c.Trim(' ', '|')).ToArray()),
    ];

    private static IEnumerable<string> Schemes(string cell) =>
        Quoted().Matches(cell).Select(static m => StorageSchemes.Of(m.Groups[1].Value)).Where(static s => s.Length > 0).Distinct();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("""(?:\.Get|\.File|Flag)\((?:"[^"]+"(?:, )?)+\)""")]
    private static partial Regex Reads();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Literals();

    [GeneratedRegex(@"TerminationReasons\.([A-Za-z]+)")]
    private static partial Regex TerminationReason();
}
