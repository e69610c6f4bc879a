using System.Text.RegularExpressions;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Docs;

/// <summary>Whoever follows a link inside the documentation arrives.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages => [.. Directory.GetFiles(Checkout.Path("docs"), "*.md", SearchOption.AllDirectories)
        .Concat([Checkout.Path("README.md"), Checkout.Path("CONTRIBUTING.md")]).Select(static f => Path.GetRelativePath(Checkout.Root, f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Checkout.Path(page))!;

        var lost = Links().Matches(Code().Replace(File.ReadAllText(Checkout.Path(page)), "")).Select(static m => m.Groups["target"].Value)
            .Where(static t => !t.Contains("://", StringComparison.Ordinal))
            .Where(target => !Leads(Path.GetFileName(page), folder, target));

        lost.Should().BeEmpty();
    }

    [Fact]
    public void The_readme_names_every_page() =>
        Directory.GetFiles(Checkout.Path("docs"), "*.md", SearchOption.AllDirectories).Select(static f => Path.GetRelativePath(Checkout.Root, f))
            .Should().OnlyContain(page => File.ReadAllText(Checkout.Path("README.md")).Contains($"({page})", StringComparison.Ordinal));

    static bool Leads(string self, string folder, string target)
    {
        var parts = target.Split('#');
        var file = Path.GetFullPath(Path.Combine(folder, parts[0].Length == 0 ? self : parts[0]));
        return parts.Length == 1
            ? File.Exists(file) || Directory.Exists(file)
            : File.Exists(file) && Headings().Matches(File.ReadAllText(file)).Select(static m => Anchor(m.Groups["text"].Value)).Contains(parts[1]);
    }

    /// <summary>As GitHub makes them of headings.</summary>
    static string Anchor(string heading) => NotInAnchors().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"^#+ (?<text>.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
