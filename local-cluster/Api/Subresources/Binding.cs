using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Operations;
using Sluice.LocalCluster.Api.Resources;
using Sluice.LocalCluster.Api.Types;

namespace Sluice.LocalCluster.Api.Subresources;

/// <summary><c>pods/binding</c>: the scheduler says on which node a pod runs. That happens once.</summary>
internal sealed class Binding(Writing writing)
{
    public async Task RunAsync(Call call)
    {
        if (call.Request.Method != "POST")
            throw ApiException.MethodNotAllowed();
        var sent = Body.JsonOrYaml(await Body.ReadAsync(call.Request, call.Stop), new Reading());
        if (sent.Text("target", "name") is not { Length: > 0 } node)
            throw ApiException.BadRequest("target.name: Required value");
        var request = call.Write(WriteOptions.Of(call.Request)) with { Subresource = "binding" };
        writing.Change(request, pod =>
        {
            if (pod.Text("spec", "nodeName") is { Length: > 0 } bound)
            {
                throw ApiException.Conflict("", "pods/binding", request.Name,
                    $"pod {request.Name} is already assigned to node \"{bound}\"");
            }

            var next = pod!.Copy();
            next.Ensure("spec")["nodeName"] = node;
            SetScheduled(next, call.State.Now);
            Writing.Track(request, pod!, next);
            return next;
        });
        await Answers.JsonAsync(call.Context, 201, new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["code"] = 201,
        });
    }

    static void SetScheduled(JsonObject pod, DateTimeOffset now)
    {
        var status = pod.Ensure("status");
        var others = status.Objects("conditions").Where(one => one.Text("type") != "PodScheduled").Select(one => (JsonNode)one.Copy());
        status["conditions"] = new JsonArray([.. others, new JsonObject
        {
            ["type"] = "PodScheduled",
            ["status"] = "True",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = Scalars.Instant(now),
        }]);
    }
}
