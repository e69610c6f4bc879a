using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Tests.Controllers;

public sealed class TriggersTests
{
    private static readonly ObjectKey Key = new("ns", "a");

    private static readonly Deployment Plain = new()
    {
        Metadata = new ObjectMeta
        {
            Name = "a",
            Namespace = "ns",
            Uid = "u",
            Generation = 1,
            ResourceVersion = "1",
            Labels = new Dictionary<string, string> { ["l"] = "1" },
        },
    };

    private static Deployment With(Func<ObjectMeta, ObjectMeta> change) =>
        Plain with { Metadata = change(Plain.Metadata) with { ResourceVersion = "2" } };

    private static Change<Deployment> To(Deployment? now) => new(Key, Plain, now, null);

    public static TheoryData<string, Func<ObjectMeta, ObjectMeta>, bool> Edits => new()
    {
        { "status only", m => m, false },
        { "the same labels, newly read", m => m with { Labels = new Dictionary<string, string> { ["l"] = "1" } }, false },
        { "spec", m => m with { Generation = 2 }, true },
        { "a label", m => m with { Labels = new Dictionary<string, string> { ["l"] = "2" } }, true },
        { "a label goes", m => m with { Labels = null }, true },
        { "an annotation", m => m with { Annotations = new Dictionary<string, string> { ["a"] = "1" } }, true },
        { "a finalizer", m => m with { Finalizers = ["f"] }, true },
        { "deletion", m => m with { DeletionTimestamp = DateTimeOffset.UnixEpoch }, true },
        { "another object of that name", m => m with { Uid = "v" }, true },
        { "anything, where the kind has no generation", m => m with { Generation = null }, true },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void A_root_object_concerns_its_controller_except_in_its_status(string what, Func<ObjectMeta, ObjectMeta> edit, bool concerns) =>
        Triggers.ConcernsSelf(To(With(edit))).Should().Be(concerns, what);

    [Fact]
    public void Coming_going_and_breaking_always_concern()
    {
        Triggers.ConcernsSelf(new Change<Deployment>(Key, null, Plain, null)).Should().BeTrue();
        Triggers.ConcernsSelf(To(null)).Should().BeTrue();
        Triggers.ConcernsSelf(new Change<Deployment>(Key, Plain, Plain, new BrokenObject(Key, "u", "2", "bad"))).Should().BeTrue();
    }

    private static Deployment OwnedBy(string kind, string name, bool controller = true) => With(m => m with
    {
        OwnerReferences = [new OwnerReference { ApiVersion = "sluice.dev/v1alpha1", Kind = kind, Name = name, Uid = "o", Controller = controller }],
    });

    private static readonly ResourceKind Owner = new("sluice.dev", "v1", "InferenceService", "inferenceservices");

    private static IEnumerable<ObjectKey> Owners(Deployment? old, Deployment? now) => Triggers.Mapped(
        new Change<Deployment>(Key, old, now, null),
        child => Triggers.OwnerOf(child, Owner) is { } key ? [key] : Array.Empty<ObjectKey>());

    [Fact]
    public void A_child_leads_to_its_old_and_its_new_controller()
    {
        var (x, y) = (OwnedBy("InferenceService", "x"), OwnedBy("InferenceService", "y"));

        Owners(x, y).Should().Equal(new ObjectKey("ns", "x"), new ObjectKey("ns", "y"));
        Owners(x, x).Should().Equal(new ObjectKey("ns", "x"));
        Owners(null, x).Should().Equal(new ObjectKey("ns", "x"));
        Owners(x, null).Should().Equal(new ObjectKey("ns", "x"));
    }

    [Fact]
    public void Other_owners_are_not_ours()
    {
        Owners(null, OwnedBy("InferenceService", "x", controller: false)).Should().BeEmpty();
        Owners(null, OwnedBy("Deployment", "x")).Should().BeEmpty();
        Owners(null, Plain).Should().BeEmpty();
        Triggers.OwnerOf(OwnedBy("InferenceService", "x"), Owner with { Group = "other.dev" }).Should().BeNull();
        Triggers.OwnerOf(OwnedBy("InferenceService", "x"), Owner with { Namespaced = false }).Should().Be(ObjectKey.Cluster("x"));
    }
}
