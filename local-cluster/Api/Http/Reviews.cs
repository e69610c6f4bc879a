using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Resources;

namespace Sluice.LocalCluster.Api.Http;

/// <summary>
/// Questions about rights and identity. Whoever is let in may do everything: the answers say so. Rights are not enforced
/// by the local cluster.
/// </summary>
internal static class Reviews
{
    const string User = "sluice-admin";

    public static bool Handles(HttpContext context, Target target) =>
        context.Request.Method == "POST" && target.Name.Length == 0 && StatusOf(target) is not null;

    static JsonObject? StatusOf(Target target) => (target.Group, target.Resource) switch
    {
        ("authorization.k8s.io", "selfsubjectaccessreviews" or "subjectaccessreviews" or "localsubjectaccessreviews") =>
            new JsonObject { ["allowed"] = true, ["reason"] = "the local cluster does not enforce rights" },
        ("authorization.k8s.io", "selfsubjectrulesreviews") => new JsonObject
        {
            ["resourceRules"] = new JsonArray(new JsonObject { ["verbs"] = All, ["apiGroups"] = All, ["resources"] = All }),
            ["nonResourceRules"] = new JsonArray(new JsonObject { ["verbs"] = All, ["nonResourceURLs"] = All }),
            ["incomplete"] = false,
        },
        ("authentication.k8s.io", "selfsubjectreviews") => new JsonObject
        {
            ["userInfo"] = new JsonObject { ["username"] = User, ["groups"] = new JsonArray("system:masters", "system:authenticated") },
        },
        _ => null,
    };

    static JsonArray All => new("*");

    public static async Task AnswerAsync(HttpContext context, Target target)
    {
        var body = await Body.ReadAsync(context.Request, context.RequestAborted);
        var asked = Body.MediaType(context.Request) == "application/vnd.kubernetes.protobuf" ? Asked(body) : Body.JsonOrYaml(body, new Reading());
        asked["status"] = StatusOf(target);
        await Answers.JsonAsync(context, 201, asked);
    }

    /// <summary>Of a protobuf question only kind and version are needed: every answer is yes.</summary>
    static JsonObject Asked(byte[] body)
    {
        var (apiVersion, kind, _) = Types.ProtobufReader.Envelope(body);
        return new JsonObject { ["kind"] = kind, ["apiVersion"] = apiVersion, ["metadata"] = new JsonObject(), ["spec"] = new JsonObject() };
    }
}
