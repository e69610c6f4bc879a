namespace Sluice.LocalCluster.Schema;

/// <summary>
/// One finding about one field, in the words of Kubernetes: <paramref name="Type"/> is the cause's reason in a Status
/// (see <see cref="FieldErrorType"/>), <paramref name="Message"/> is the text after <c>path: </c>.
/// </summary>
/// <param name="Field">Path as Kubernetes prints it, <c>spec.ports[0].name</c>, or <see cref="WholeObject"/>.</param>
/// <param name="Type">The reason of the cause.</param>
/// <param name="Message">What is wrong, with the value where Kubernetes shows it.</param>
internal sealed record FieldError(string Field, string Type, string Message)
{
    /// <summary>What Kubernetes prints for a finding that blames no single field.</summary>
    public const string WholeObject = "<nil>";

    /// <summary>The line as <c>kubectl</c> shows it.</summary>
    public override string ToString() => $"{Field}: {Message}";
}

/// <summary>Reasons of <see cref="FieldError"/>, as in <c>metav1.CauseType</c>.</summary>
internal static class FieldErrorType
{
    public const string Duplicate = "FieldValueDuplicate";
    public const string Forbidden = "FieldValueForbidden";
    public const string Invalid = "FieldValueInvalid";
    public const string NotFound = "FieldValueNotFound";
    public const string NotSupported = "FieldValueNotSupported";
    public const string Required = "FieldValueRequired";
    public const string TooLong = "FieldValueTooLong";
    public const string TooMany = "FieldValueTooMany";
    public const string TypeInvalid = "FieldValueTypeInvalid";
}
