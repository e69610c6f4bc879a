using Sluice.LocalCluster.Api.Operations;
using Sluice.LocalCluster.Api.Resources;

namespace Sluice.LocalCluster.Api.Http;

/// <summary>One request to a resource that is served.</summary>
internal sealed record Call(HttpContext Context, Target Target, IKind Kind, ServedVersion Version, ApiState State)
{
    public HttpRequest Request => Context.Request;

    public CancellationToken Stop => Context.RequestAborted;

    public WriteRequest Write(WriteOptions options, string? name = null) =>
        new(Kind, Version.Name, Target.Namespace, name ?? Target.Name, Target.Subresource, options, State.Now);

    public Rendering Rendering() => Rendering(Negotiation.Of(Request).As);

    public Rendering Rendering(Representation representation) =>
        new(Kind, Version.Name, representation, Request.Query["includeObject"].ToString(), State.Now);

    public ApiException NotFound() => ApiException.NotFound(Kind.Info.Group, Kind.Info.Plural, Target.Name);
}
