using Sluice.LocalCluster.Api.Discovery;
using Sluice.LocalCluster.Api.Subresources;

namespace Sluice.LocalCluster.Api.Http;

/// <summary>The Kubernetes API: finds what a request names and answers it; refusals become Status objects.</summary>
internal sealed class ApiServer
{
    readonly ApiState state;
    readonly Authentication authentication;
    readonly ILogger log;
    readonly RequestRecord record = new();
    readonly ResourceHandler resources;
    readonly SubresourceHandler subresources;
    readonly SystemPaths system;

    public ApiServer(ApiState state, Authentication authentication, ILogger log)
    {
        this.state = state;
        this.authentication = authentication;
        this.log = log;
        resources = new ResourceHandler(state);
        subresources = new SubresourceHandler(state, resources);
        system = new SystemPaths(state, record);
    }

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (!authentication.Admits(context))
                throw ApiException.Unauthorized();
            await RouteAsync(context);
        }
        catch (ApiException refusal) when (!context.Response.HasStarted)
        {
            await Answers.ErrorAsync(context, refusal);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone.
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            log.RequestFailed(context.Request.Method, context.Request.Path.Value, error);
            await Answers.ErrorAsync(context, new ApiException(500, "InternalError", $"Internal error occurred: {error.Message}"));
        }
    }

    Task RouteAsync(HttpContext context)
    {
        if (system.Find(context) is { } answer)
            return answer();
        var target = Target.Parse(context.Request.Path.Value ?? "") ?? throw ApiException.UnknownPath();
        Note(context, target);
        if (Reviews.Handles(context, target))
            return Reviews.AnswerAsync(context, target);
        var kind = state.Kinds.Find(target.Group, target.Version, target.Resource) ?? throw ApiException.UnknownPath();
        var named = target.Name.Length > 0;
        if (kind.Info.Namespaced ? named && target.Namespace.Length == 0 : target.Namespace.Length > 0)
            throw ApiException.UnknownPath();
        var version = kind.Versions.First(served => served.Name == target.Version);
        if (version.Deprecation is { } warning)
            Answers.Warn(context, warning);
        var call = new Call(context, target, kind, version, state);
        return target.Subresource.Length == 0 ? resources.RunAsync(call) : subresources.RunAsync(call);
    }

    void Note(HttpContext context, Target target)
    {
        var verb = context.Request.Method switch
        {
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => target.Name.Length > 0 ? "delete" : "deletecollection",
            _ when context.Request.Query.ContainsKey("watch") && context.Request.Query["watch"].ToString() is not ("false" or "0") => "watch",
            _ => target.Name.Length > 0 ? "get" : "list",
        };
        record.Note(new(verb, target.Group, target.Resource, target.Subresource, target.Namespace, context.Request.Headers.UserAgent.ToString()));
    }
}
