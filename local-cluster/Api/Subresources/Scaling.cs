using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Operations;
using Sluice.LocalCluster.Api.Patches;
using Sluice.LocalCluster.Api.Resources;
using Sluice.LocalCluster.Api.Storage;
using Sluice.LocalCluster.Api.Tables;
using Sluice.LocalCluster.Api.Types;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Subresources;

/// <summary>The <c>scale</c> subresource: an object's replicas in one shape for all kinds.</summary>
internal sealed class Scaling(Writing writing)
{
    const string ApiVersion = "autoscaling/v1";

    static readonly ObjectType Type = TypeTable.BuiltIn["scale.Scale"];

    public async Task RunAsync(Call call)
    {
        var paths = call.Version.Scale!;
        if (call.Request.Method is "GET" or "HEAD")
        {
            var live = call.Kind.Objects.Find(StoredObject.KeyOf(call.Target.Namespace, call.Target.Name)) ?? throw call.NotFound();
            await Answers.JsonAsync(call.Context, 200, Of(call.Kind.Convert(live.Value, call.Version.Name), paths));
            return;
        }

        if (call.Request.Method is not ("PUT" or "PATCH"))
            throw ApiException.MethodNotAllowed();
        var body = await Body.ReadAsync(call.Request, call.Stop);
        var change = Change(call, body);
        var (obj, _) = writing.Change(call.Write(WriteOptions.Of(call.Request)), live => Scaled(call, live!, change(Of(live!, paths)), paths));
        await Answers.JsonAsync(call.Context, 200, Of(call.Kind.Convert(obj.Value, call.Version.Name), paths));
    }

    /// <summary>What the request makes of the present scale.</summary>
    static Func<JsonObject, JsonNode?> Change(Call call, byte[] body)
    {
        var media = Body.MediaType(call.Request);
        if (call.Request.Method == "PUT")
        {
            var sent = Body.Object(call.Request, body, Type, new Reading());
            return _ => sent.DeepClone();
        }

        return media switch
        {
            Patching.Json => JsonPatches.Parse(Body.AnyJson(body)),
            Patching.Merge or Patching.Strategic => MergePatches.Parse(Body.Json(body, new Reading())),
            Patching.Apply => scale => Applied(call, scale, Body.JsonOrYaml(body, new Reading())),
            _ => throw ApiException.UnsupportedMediaType(media, Patching.Json, Patching.Merge, Patching.Strategic, Patching.Apply),
        };
    }

    static JsonNode? Applied(Call call, JsonObject scale, JsonObject applied)
    {
        if (applied.Text("kind") != "Scale")
            throw ApiException.BadRequest($"an apply of {call.Target.Resource}/scale needs a Scale of {ApiVersion}");
        return MergePatches.Parse(new JsonObject { ["spec"] = applied["spec"]?.DeepClone() })(scale);
    }

    static JsonObject Scaled(Call call, JsonObject live, JsonNode? scale, ScalePaths paths)
    {
        var info = call.Kind.Info;
        if (scale.Text("metadata", "resourceVersion") is { Length: > 0 } version && version != live.Text("metadata", "resourceVersion"))
            throw ApiException.Modified(info.Group, info.Plural, call.Target.Name);
        var replicas = scale.Integer("spec", "replicas") ?? 0;
        if (replicas < 0)
        {
            throw ApiException.Invalid("autoscaling", "Scale", call.Target.Name,
                [new FieldError("spec.replicas", FieldErrorType.Invalid, $"Invalid value: {replicas}: must be greater than or equal to 0")]);
        }

        var next = live.Copy();
        var owner = paths.SpecReplicas.SkipLast(1).Aggregate(next, (at, name) => at.Ensure(name));
        owner[paths.SpecReplicas[^1]] = replicas;
        var request = call.Write(WriteOptions.Of(call.Request));
        call.Kind.Ownership(call.Version.Name, "scale").Update(live, next, request.Writer);
        return next;
    }

    static JsonObject Of(JsonObject obj, ScalePaths paths)
    {
        var metadata = new JsonObject();
        foreach (var name in new[] { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" })
        {
            if (obj.At("metadata", name) is { } value)
                metadata[name] = value.DeepClone();
        }

        var status = new JsonObject { ["replicas"] = obj.Integer([.. paths.StatusReplicas]) ?? 0 };
        var selector = paths.LabelSelector is { } path ? obj.Text([.. path])
            : obj.Object("spec", "selector") is { } labels ? LabelSelectors.Show(labels) : null;
        if (selector is { Length: > 0 })
            status["selector"] = selector;
        var spec = new JsonObject();
        if (obj.Integer([.. paths.SpecReplicas]) is { } replicas and not 0)
            spec["replicas"] = replicas;
        return new JsonObject { ["kind"] = "Scale", ["apiVersion"] = ApiVersion, ["metadata"] = metadata, ["spec"] = spec, ["status"] = status };
    }
}
