using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Desired;

/// <summary>The Services of a service: what users call, what a candidate is tried by, and one per revision.</summary>
internal static class ServiceFor
{
    public static Service Front(InferenceService service, string revision) =>
        Render(service, service.Metadata.Name!, revision, Role(Labels.RoleFront));

    public static Service Preview(InferenceService service, string revision) =>
        Render(service, Names.Preview(service.Metadata.Name!), revision, Role(Labels.RolePreview));

    public static Service Revision(InferenceService service, string revision) => Render(
        service, revision, revision, new(Labels.Revision, revision),
        new ServicePort { Name = Ports.RevisionHttpName, Port = Ports.RevisionHttp, TargetPort = Ports.HttpName, Protocol = "TCP", AppProtocol = "http" });

    /// <summary>Where users find the service inside the cluster.</summary>
    public static string Url(InferenceService service) =>
        $"http://{service.Metadata.Name}.{service.Metadata.Namespace}.svc.cluster.local";

    static Service Render(InferenceService service, string name, string revision, KeyValuePair<string, string> label, params ReadOnlySpan<ServicePort> more) => new()
    {
        Metadata = Child.Meta(service, name, null, label),
        Spec = new ServiceSpec
        {
            Type = "ClusterIP",
            Selector = Child.Selector(service.Metadata.Name!, revision),
            Ports =
            [
                new ServicePort { Name = Ports.HttpName, Port = Ports.ServiceHttp, TargetPort = Ports.HttpName, Protocol = "TCP", AppProtocol = "http" },
                new ServicePort { Name = Ports.GrpcName, Port = Ports.ServiceGrpc, TargetPort = Ports.GrpcName, Protocol = "TCP", AppProtocol = "kubernetes.io/h2c" },
                .. more,
            ],
        },
    };

    static KeyValuePair<string, string> Role(string role) => new(Labels.Role, role);
}
