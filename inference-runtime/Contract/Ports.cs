namespace Sluice.Contract;

/// <summary>The ports of a serving pod, by number and by the name that Services and probes use.</summary>
public static class Ports
{
    public const int Http = 8080;
    public const int Grpc = 9000;
    public const int Admin = 8081;

    /// <summary>Of the fetching container, which has ended before the others begin.</summary>
    public const int Fetch = 8082;

    public const string HttpName = "http";
    public const string GrpcName = "grpc";
    public const string AdminName = "admin";
    public const string FetchName = "fetch";

    /// <summary>What a Service carries to <see cref="Http"/>.</summary>
    public const int ServiceHttp = 80;

    /// <summary>
    /// What a revision's own Service carries to <see cref="Http"/> as well: where pods pass requests on to. Below 1024 a
    /// local cluster may listen only as root.
    /// </summary>
    public const int RevisionHttp = 8080;
    public const string RevisionHttpName = "http-pods";

    /// <summary>What a Service carries to <see cref="Grpc"/>.</summary>
    public const int ServiceGrpc = 9000;
}
