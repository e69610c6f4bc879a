using Sluice.Operator.Api;
using Sluice.Operator.Desired;

namespace Sluice.Operator.Tests.Desired;

/// <summary>What the operator gives its pods of OpenTelemetry's variables.</summary>
public sealed class TelemetryVariablesTests
{
    static readonly RevisionInputs Inputs = new() { ModelName = "iris", StorageUri = "https://models/iris" };

    [Fact]
    public void Pods_get_them_and_are_told_apart_by_service_and_namespace()
    {
        Rendered(Inputs, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"), ("OTEL_RESOURCE_ATTRIBUTES", "team=ml")).Should().BeEquivalentTo(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://c",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "service.namespace=shop,team=ml",
            ["OTEL_SERVICE_NAME"] = "iris",
        });
        Rendered(Inputs).Should().BeEmpty();
    }

    [Fact]
    public void A_services_own_win()
    {
        var own = Inputs with { Env = [new EnvVarSpec { Name = "OTEL_SERVICE_NAME", Value = "mine" }, new EnvVarSpec { Name = "OTEL_EXPORTER_OTLP_ENDPOINT", Value = "http://own" }] };

        Rendered(own, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"), ("OTEL_SERVICE_NAME", "all")).Should().BeEquivalentTo(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://own",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "service.namespace=shop",
            ["OTEL_SERVICE_NAME"] = "mine",
        });
    }

    [Theory]
    [InlineData("OTEL_TRACES_SAMPLER=always_off", "OTEL_TRACES_SAMPLER", "always_off")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS=a=b,c=d", "OTEL_EXPORTER_OTLP_HEADERS", "a=b,c=d")]
    public void One_is_a_name_and_a_value(string text, string name, string value) =>
        TelemetryVariables.Parse(text).Should().Be(new KeyValuePair<string, string>(name, value));

    [Theory]
    [InlineData("OTEL_TRACES_SAMPLER")]
    [InlineData("OTEL_=x")]
    [InlineData("PATH=/tmp")]
    public void Anything_else_is_refused(string text) =>
        FluentActions.Invoking(() => TelemetryVariables.Parse(text)).Should().Throw<FormatException>().WithMessage("*OTEL_*");

    /// <summary>All of the serving container's that are OpenTelemetry's.</summary>
    static Dictionary<string, string?> Rendered(RevisionInputs inputs, params (string Name, string Value)[] told) =>
        PodTemplateFor.Render("iris-a", inputs, new PodOptions("image") { Namespace = "shop", Telemetry = told.ToDictionary(static t => t.Name, static t => t.Value) })
            .Spec!.Containers!.Single().Env!.Where(static v => v.Name.StartsWith(TelemetryVariables.Prefix, StringComparison.Ordinal)).ToDictionary(static v => v.Name, static v => v.Value);
}
