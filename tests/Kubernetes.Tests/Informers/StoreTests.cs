using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Tests.Informers;

public sealed class StoreTests
{
    private static ConfigMap Map(string name, string version, string? label = null, params string[] owners) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = name,
            Namespace = "ns",
            ResourceVersion = version,
            Labels = label is null ? null : new Dictionary<string, string> { ["l"] = label },
            OwnerReferences = [.. owners.Select(o => new OwnerReference { ApiVersion = "v1", Kind = "K", Name = o, Uid = o })],
        },
    };

    private static IEnumerable<string?> Names(IEnumerable<ConfigMap> items) => items.Select(i => i.Metadata.Name);

    [Fact]
    public void Indexes_follow_every_change()
    {
        var store = new Store<ConfigMap>();
        var byLabel = store.AddLabelIndex("l");
        var byOwner = store.AddOwnerIndex();
        store.Replace([Map("b", "1", "x", "o1"), Map("a", "2", "x", "o1", "o2"), Map("c", "3")], []);

        Names(byLabel["x"]).Should().Equal("a", "b");
        Names(byOwner["o1"]).Should().Equal("a", "b");
        Names(byOwner["o2"]).Should().Equal("a");

        store.Put(Map("a", "4", "y", "o2"));
        Names(byLabel["x"]).Should().Equal("b");
        Names(byLabel["y"]).Should().Equal("a");
        Names(byOwner["o1"]).Should().Equal("b");

        store.Remove(new("ns", "a"), null);
        byLabel["y"].Should().BeEmpty();
        byOwner["o2"].Should().BeEmpty();

        store.Replace([Map("d", "9", "x")], []);
        Names(byLabel["x"]).Should().Equal("d");
        byOwner["o1"].Should().BeEmpty();
    }

    [Fact]
    public void An_index_that_comes_late_knows_what_is_there()
    {
        var store = new Store<ConfigMap>();
        store.Put(Map("a", "1"));

        var byFirstLetter = store.AddIndex(m => [m.Metadata.Name![..1]]);
        store.Put(Map("ab", "2"));

        Names(byFirstLetter["a"]).Should().Equal("a", "ab");
    }

    [Fact]
    public void The_last_state_of_what_was_deleted_is_told()
    {
        var store = new Store<ConfigMap>();
        store.Put(Map("a", "1", "old"));

        var change = store.Remove(new("ns", "a"), Map("a", "2", "last"))!.Value;

        change.Old!.Metadata.Label("l").Should().Be("last");
        change.New.Should().BeNull();
    }

    [Fact]
    public async Task Readers_see_whole_lists_only()
    {
        var store = new Store<ConfigMap>();
        var byLabel = store.AddLabelIndex("l");
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(() =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var generation = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
                store.Replace([.. Enumerable.Range(0, 20).Select(n => Map("m" + n, generation, "x"))], []);
            }
        });

        for (var i = 0; i < 2000; i++)
        {
            store.All.Select(m => m.Metadata.ResourceVersion).Distinct().Count().Should().BeLessThanOrEqualTo(1);
            byLabel["x"].Select(m => m.Metadata.ResourceVersion).Distinct().Count().Should().BeLessThanOrEqualTo(1);
        }

        await stop.CancelAsync();
        await writing;
    }
}
