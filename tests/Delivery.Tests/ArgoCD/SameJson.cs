using System.Text.Json.Nodes;

namespace Sluice.Delivery.Tests.ArgoCD;

internal sealed class SameJson : IEqualityComparer<JsonNode?>
{
    public bool Equals(JsonNode? x, JsonNode? y) => JsonNode.DeepEquals(x, y);

    public int GetHashCode(JsonNode? obj) => 0;
}
