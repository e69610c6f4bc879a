using Sluice.LocalCluster.Api.Http;

namespace Sluice.LocalCluster.Api.Operations;

/// <summary>How unknown and duplicate fields are taken.</summary>
internal enum FieldValidation { Warn, Strict, Ignore }

/// <summary>The options of a writing request.</summary>
/// <param name="DryRun">Do everything but store.</param>
/// <param name="FieldManager">As given, or from the user agent.</param>
/// <param name="Force">An apply takes fields from others.</param>
/// <param name="Validation">How unknown fields are taken.</param>
internal sealed record WriteOptions(bool DryRun, string FieldManager, bool Force, FieldValidation Validation)
{
    const int LongestManager = 128;

    /// <exception cref="ApiException">400: an option is not understood.</exception>
    public static WriteOptions Of(HttpRequest request)
    {
        var query = request.Query;
        var manager = query["fieldManager"].ToString();
        if (manager.Length > LongestManager)
            throw ApiException.BadRequest($"fieldManager: Invalid value: \"{manager}\": may not be more than {LongestManager} bytes");
        if (manager.Length == 0)
            manager = request.Headers.UserAgent.ToString().Split('/')[0] is var agent && agent.Length > LongestManager ? agent[..LongestManager] : agent;
        return new WriteOptions(DryRunOf(query["dryRun"].ToArray()), manager, query["force"].ToString() is "true" or "1",
            query["fieldValidation"].ToString() switch
            {
                "" or "Warn" => FieldValidation.Warn,
                "Strict" => FieldValidation.Strict,
                "Ignore" => FieldValidation.Ignore,
                var other => throw new ApiException(422, "Invalid",
                    $"fieldValidation: Unsupported value: \"{other}\": supported values: \"Ignore\", \"Strict\", \"Warn\""),
            });
    }

    public static bool DryRunOf(IReadOnlyList<string?> values)
    {
        if (values.FirstOrDefault(value => value is not ("All" or "" or null)) is { } unknown)
        {
            throw new ApiException(422, "Invalid",
                $" \"\" is invalid: dryRun: Unsupported value: \"{unknown}\": supported values: \"All\"");
        }

        return values.Contains("All");
    }
}
