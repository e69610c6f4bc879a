using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Operator.Desired;
using Sluice.Operator.Tests.Support;

namespace Sluice.Operator.Tests.Desired;

public sealed partial class NamesTests
{
    static readonly ModelSource Source = new("iris-2", "https://models.example/iris.onnx", null);

    [Fact]
    public void A_name_that_was_given_once_is_given_for_ever()
    {
        // A change of this line restarts every pod of every service at the next upgrade of the operator.
        Of("{predictor: {model: {version: iris-2}}}").Should().Be("iris-d8zmlj7t");
    }

    [Fact]
    public void What_does_not_shape_a_pod_does_not_change_the_name() => new[]
    {
        "{predictor: {model: {version: iris-2}, minReplicas: 3, maxReplicas: 9, scaleMetric: cpu, scaleTarget: 50}}",
        "{predictor: {model: {version: iris-2, protocolVersion: v1}, timeoutSeconds: 60}}",
        "{predictor: {model: {version: iris-2}, labels: {sluice.dev/revision: x}}, rollout: {paused: true}, revisionHistoryLimit: 2}",
        "{predictor: {model: {version: iris-2, env: []}, nodeSelector: {}, tolerations: []}}",
    }.Select(static spec => Of(spec)).Should().AllBe(Of("{predictor: {model: {version: iris-2}}}"));

    [Fact]
    public void What_shapes_a_pod_changes_the_name() => new[]
    {
        "{predictor: {model: {version: iris-2}}}",
        "{predictor: {model: {version: iris-2, resources: {requests: {cpu: 1}}}}}",
        "{predictor: {model: {version: iris-2, env: [{name: A, value: b}]}}}",
        "{predictor: {model: {version: iris-2}, timeoutSeconds: 30}}",
        "{predictor: {model: {version: iris-2}, containerConcurrency: 1}}",
        "{predictor: {model: {version: iris-2}, serviceAccountName: x}}",
        "{predictor: {model: {version: iris-2}, nodeSelector: {a: b}}}",
        "{predictor: {model: {version: iris-2}, tolerations: [{operator: Exists}]}}",
        "{predictor: {model: {version: iris-2}, affinity: {}}}",
        "{predictor: {model: {version: iris-2}, labels: {a: b}}}",
        "{predictor: {model: {version: iris-2}, annotations: {a: b}}}",
    }.Select(static spec => Of(spec)).Should().OnlyHaveUniqueItems();

    [Fact]
    public void Another_digest_or_address_is_another_revision() => new[]
    {
        Source,
        Source with { Sha256 = new string('a', 64) },
        Source with { StorageUri = "https://models.example/other.onnx" },
        Source with { Version = "iris-3" },
        Source with { Version = null },
    }.Select(static s => Of("{predictor: {model: {version: iris-2}}}", s)).Should().OnlyHaveUniqueItems();

    [Fact]
    public void The_order_in_which_something_was_written_does_not_matter() =>
        Of("{predictor: {model: {version: iris-2}, labels: {a: b, c: d}, affinity: {x: {p: 1, q: 2}, y: 3}}}")
            .Should().Be(Of("{predictor: {model: {version: iris-2}, affinity: {y: 3, x: {q: 2, p: 1}}, labels: {c: d, a: b}}}"));

    [Fact]
    public void Every_name_is_a_label_value_and_a_host_name() =>
        Prop.ForAll(Services.ToArbitrary(), service =>
        {
            var names = new[] { Names.Preview(service), Names.Split(service), Names.Revision(service, Inputs("{predictor: {model: {version: iris-2}}}", Source, service)) };
            return names.All(static n => n.Length <= Names.Limit && Host().IsMatch(n)) && names.Distinct().Count() == names.Length;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Services_whose_names_are_cut_alike_keep_their_own_children()
    {
        var prefix = new string('a', 60);

        Names.Split(prefix + "one").Should().NotBe(Names.Split(prefix + "two"));
    }

    static Gen<string> Services =>
        from length in Gen.Choose(1, 63)
        from letters in Gen.Elements("abcxyz019-".ToCharArray()).ListOf(length)
        let name = string.Concat(letters).Trim('-')
        select name.Length == 0 ? "a" : name;

    static string Of(string spec, ModelSource? source = null) => Names.Revision("iris", Inputs(spec, source ?? Source));

    static RevisionInputs Inputs(string spec, ModelSource source, string service = "iris") =>
        RevisionInputs.From(service, source, Manifests.Service(spec).Spec.Predictor);

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex Host();
}
