using System.Text.Json.Serialization;
using Sluice.Operator.Reconcile;

namespace Sluice.Operator.Api;

/// <summary>JSON for our kinds; source-generated, because reflection is off in every program.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(InferenceService))]
[JsonSerializable(typeof(ModelVersion))]
[JsonSerializable(typeof(InferenceServiceStatusPatch))]
[JsonSerializable(typeof(ModelVersionStatusPatch))]
[JsonSerializable(typeof(Monitoring.TemplatedJob))]
internal sealed partial class ApiJson : JsonSerializerContext;
