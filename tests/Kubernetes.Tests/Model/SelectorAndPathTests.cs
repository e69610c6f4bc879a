using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Tests.Model;

public sealed class SelectorAndPathTests
{
    [Fact]
    public void Paths_follow_group_and_scope()
    {
        Pod.Kind.ObjectPath(new("ns", "a")).Should().Be("/api/v1/namespaces/ns/pods/a");
        Deployment.Kind.CollectionPath().Should().Be("/apis/apps/v1/deployments");
        Namespace.Kind.ObjectPath(ObjectKey.Cluster("ns")).Should().Be("/api/v1/namespaces/ns");
        Namespace.Kind.CollectionPath("ignored").Should().Be("/api/v1/namespaces");
    }

    [Fact]
    public void A_namespaced_object_needs_a_namespace_and_every_object_a_name()
    {
        FluentActions.Invoking(() => Pod.Kind.ObjectPath(ObjectKey.Cluster("a"))).Should().Throw<ArgumentException>().WithMessage("Pod a needs a metadata.namespace*");
        FluentActions.Invoking(() => Pod.Kind.ObjectPath(default(ObjectMeta?)?.Key ?? new("ns", ""))).Should().Throw<ArgumentException>().WithMessage("*metadata.name*");
    }

    [Fact]
    public void Names_cannot_leave_their_path_segment() =>
        Pod.Kind.ObjectPath(new("ns", "../secrets/x")).Should().Be("/api/v1/namespaces/ns/pods/..%2Fsecrets%2Fx");

    [Theory]
    [InlineData("In", "a,b", "a", true)]
    [InlineData("In", "a,b", null, false)]
    [InlineData("NotIn", "a,b", "c", true)]
    [InlineData("NotIn", "a,b", null, true)]
    [InlineData("NotIn", "a,b", "a", false)]
    [InlineData("Exists", "", "x", true)]
    [InlineData("Exists", "", null, false)]
    [InlineData("DoesNotExist", "", null, true)]
    [InlineData("DoesNotExist", "", "x", false)]
    [InlineData("Like", "a", "a", false)]
    public void Selectors_match_as_the_API_says(string op, string values, string? label, bool expected)
    {
        var selector = new LabelSelector
        {
            MatchExpressions = [new() { Key = "k", Operator = op, Values = values.Split(',', StringSplitOptions.RemoveEmptyEntries) }],
        };
        var labels = label is null ? null : new Dictionary<string, string> { ["k"] = label };

        selector.Matches(labels).Should().Be(expected);
    }

    [Fact]
    public void A_selector_becomes_a_query()
    {
        var selector = new LabelSelector
        {
            MatchLabels = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" },
            MatchExpressions =
            [
                new() { Key = "c", Operator = "In", Values = ["x", "y"] },
                new() { Key = "d", Operator = "DoesNotExist" },
            ],
        };

        selector.ToQuery().Should().Be("a=1,b=2,c in (x,y),!d");
        selector.Matches(new Dictionary<string, string> { ["a"] = "1", ["b"] = "2", ["c"] = "y" }).Should().BeTrue();
        new LabelSelector().Matches(null).Should().BeTrue();
    }

    [Fact]
    public void Owners_are_told_apart_by_group_and_kind()
    {
        var owner = new Deployment { Metadata = new() { Name = "d", Uid = "u" } };
        var reference = OwnerReference.ToController(owner);

        reference.RefersTo(Deployment.Kind).Should().BeTrue();
        reference.RefersTo(ReplicaSet.Kind).Should().BeFalse();
        (reference with { ApiVersion = "apps/v1beta9" }).RefersTo(Deployment.Kind).Should().BeTrue();
        (reference with { ApiVersion = "v1" }).RefersTo(Deployment.Kind).Should().BeFalse();
        FluentActions.Invoking(() => OwnerReference.ToController(new Deployment { Metadata = new() { Name = "d" } }))
            .Should().Throw<ArgumentException>().WithMessage("*uid*");
    }
}
