using System.Text;
using Sluice.Plugin.Rendering;

namespace Sluice.Plugin.Edits;

/// <summary>What an edit did, for people.</summary>
internal static class EditText
{
    public static string Render(EditReport report, Palette palette)
    {
        var text = new StringBuilder();
        text.Append(palette.Strong($"{report.Namespace}/{report.Name}")).Append(report.DryRun ? " would be changed" : " changed").Append('\n');
        if (report.Changes.Count == 0)
            text.Append("  nothing: the spec says so already\n");
        foreach (var change in report.Changes)
            text.Append("  ").Append(change).Append('\n');
        text.Append(report.Meaning).Append('\n');
        foreach (var note in report.Notes)
            text.Append(palette.Busy("note: ")).Append(note).Append('\n');
        return text.ToString();
    }
}

/// <summary>What <c>-o json</c> prints of an edit.</summary>
internal sealed record EditReport
{
    public required string Action { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Nothing was sent.</summary>
    public required bool DryRun { get; init; }

    public required IReadOnlyList<FieldChange> Changes { get; init; }

    /// <summary>What the operator does because of it.</summary>
    public required string Meaning { get; init; }

    /// <summary>What it means for a tool that keeps the object as Git has it.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
