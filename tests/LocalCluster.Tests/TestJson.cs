using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.LocalCluster.Tests;

[JsonSerializable(typeof(JsonElement))]
sealed partial class TestJson : JsonSerializerContext;
