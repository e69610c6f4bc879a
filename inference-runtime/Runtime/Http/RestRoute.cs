namespace Sluice.Runtime.Http;

/// <summary>What a path asks for.</summary>
internal enum RouteKind
{
    Unknown,
    Root,
    V1Models,
    V1Model,
    V1Predict,
    V1Feedback,
    V2Server,
    V2Live,
    V2Ready,
    V2Model,
    V2ModelReady,
    V2Infer,
    Predict,
    Health,
    ModelInfo,
    OpenApi,
    Docs,
}

/// <param name="Model">Name, when the path holds one.</param>
/// <param name="Version">Null when the path holds none.</param>
internal sealed record RestRoute(RouteKind Kind, string Model = "", string? Version = null)
{
    public static RestRoute Unknown { get; } = new(RouteKind.Unknown);

    /// <summary>Whether it takes a body; all others are read.</summary>
    public bool IsPost => IsInference || Kind == RouteKind.V1Feedback;

    /// <summary>Whether it is shared out among revisions.</summary>
    public bool IsInference => Kind is RouteKind.V1Predict or RouteKind.V2Infer or RouteKind.Predict;

    /// <summary>Whether it is for those who only look after the server, and for everybody.</summary>
    public bool IsOpen => Kind is RouteKind.Root or RouteKind.Health or RouteKind.V2Live or RouteKind.V2Ready;

    public string Allow => IsPost ? "POST" : "GET, HEAD";
}
