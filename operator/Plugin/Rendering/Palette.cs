namespace Sluice.Plugin.Rendering;

/// <summary>Colours for a terminal; without them every text stays as it is.</summary>
internal sealed record Palette(bool Colours)
{
    public static readonly Palette None = new(false);

    public string Good(string text) => Paint("32", text);

    public string Bad(string text) => Paint("31", text);

    public string Busy(string text) => Paint("33", text);

    public string Strong(string text) => Paint("1", text);

    public string Faint(string text) => Paint("2", text);

    string Paint(string code, string text) => Colours && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
}
