using System.Text.Json.Serialization;

namespace Sluice.Contract;

/// <summary>How the documents between the houses are written: camel case, nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TerminationMessage))]
[JsonSerializable(typeof(ModelReport))]
[JsonSerializable(typeof(SplitDocument))]
[JsonSerializable(typeof(ProfileDocument))]
[JsonSerializable(typeof(MonitorDocument))]
[JsonSerializable(typeof(EvidenceDocument))]
[JsonSerializable(typeof(IReadOnlyList<ExpectationDocument>))]
public sealed partial class ContractJson : JsonSerializerContext;
