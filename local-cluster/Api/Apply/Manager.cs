using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;

namespace Sluice.LocalCluster.Api.Apply;

/// <summary>Who owns fields: one entry of <c>metadata.managedFields</c> without its paths.</summary>
/// <param name="Name">The field manager.</param>
/// <param name="Applies">By server-side apply, or else by other writes.</param>
/// <param name="ApiVersion">The version in which updates were made; empty for appliers, who have one entry whatever the version.</param>
/// <param name="Subresource">Empty for the object itself.</param>
internal readonly record struct Manager(string Name, bool Applies, string ApiVersion, string Subresource)
{
    /// <param name="name">As the request says it; nameless writers are <c>unknown</c>.</param>
    public static Manager Of(string name, bool applies, string apiVersion, string subresource) =>
        new(name.Length == 0 ? "unknown" : name, applies, applies ? "" : apiVersion, subresource);

    /// <summary>As a conflict names it.</summary>
    public string Show()
    {
        var text = JsonText.Show(JsonValue.Create(Name));
        if (Subresource.Length > 0)
            text += $" with subresource \"{Subresource}\"";
        return Applies ? text : $"{text} using {ApiVersion}";
    }
}

/// <summary>What one manager owns, since when, and in which version the paths are written.</summary>
internal sealed record Ownership(FieldSet Fields, string ApiVersion, string? Time);
