using System.Text.Json.Serialization;

namespace Sluice.Operator.Api;

/// <summary>An enum is its name in JSON, never a number: numbers would pass the reader and fail the schema.</summary>
internal sealed class StrictEnum<T>() : JsonStringEnumConverter<T>(namingPolicy: null, allowIntegerValues: false)
    where T : struct, Enum;
