using Sluice.Runtime.Tests.Grpc.Support;

namespace Sluice.Runtime.Tests.Grpc;

/// <summary>Tests that share one server.</summary>
[CollectionDefinition(Name)]
public sealed class GrpcCollection : ICollectionFixture<GrpcServer>
{
    public const string Name = "grpc";
}
