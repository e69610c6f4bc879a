using System.Text.Json.Serialization;

namespace Sluice.Operator.Api;

/// <summary>JSON for our kinds; source-generated, because reflection is off in every program.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(InferenceService))]
[JsonSerializable(typeof(ModelVersion))]
internal sealed partial class ApiJson : JsonSerializerContext;
