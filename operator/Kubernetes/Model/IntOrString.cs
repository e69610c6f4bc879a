using System.Globalization;
using System.Text.Json.Serialization;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>intstr.IntOrString: a port number or name, a count or a percentage.</summary>
[JsonConverter(typeof(IntOrStringConverter))]
public readonly record struct IntOrString
{
    private IntOrString(int number, string? text) => (Number, Text) = (number, text);

    /// <summary>The number when <see cref="Text"/> is null.</summary>
    public int Number { get; }

    public string? Text { get; }

    public bool IsNumber => Text is null;

    public static IntOrString FromInt32(int number) => new(number, null);

    public static IntOrString FromString(string text) => new(0, text);

    public static implicit operator IntOrString(int number) => FromInt32(number);

    public static implicit operator IntOrString(string text) => FromString(text);

    public override string ToString() => Text ?? Number.ToString(CultureInfo.InvariantCulture);
}
