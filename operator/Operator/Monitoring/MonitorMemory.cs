using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Monitoring.Drift;
using Sluice.Monitoring.Profiles;
using Sluice.Operator.Desired;

namespace Sluice.Operator.Monitoring;

/// <summary>What the pods of one service said last. Only a shortcut: all of it can be asked again.</summary>
internal sealed class MonitorMemory
{
    readonly Lock gate = new();
    readonly Dictionary<(string Uid, int Start), PodMonitor> heard = [];
    readonly Dictionary<string, Baseline> baselines = [];
    DriftSettings settings = new();

    /// <summary>What was asked for last, and when.</summary>
    public (string? Stable, string? Candidate) Asked { get; set; }

    public DateTimeOffset Time { get; set; }

    public MonitorReading Reading { get; set; } = MonitorReading.None;

    public DriftSettings Settings
    {
        get => settings;
        set
        {
            if (settings == value)
                return;
            lock (gate)
            {
                settings = value;
                heard.Clear();
                baselines.Clear();
            }
        }
    }

    public PodMonitor? Of(Pod pod)
    {
        lock (gate)
            return heard.GetValueOrDefault(Key(pod));
    }

    public void Heard(Pod pod, PodMonitor said)
    {
        lock (gate)
            heard[Key(pod)] = said;
    }

    /// <summary>Forgets pods that are gone or began anew, and what nobody is compared with any more.</summary>
    public void Keep(IEnumerable<Pod> pods)
    {
        var kept = pods.Select(Key).ToHashSet();
        lock (gate)
        {
            foreach (var key in heard.Keys.Where(k => !kept.Contains(k)).ToArray())
                heard.Remove(key);
            var used = heard.Values.Select(static h => h.Baseline).ToHashSet();
            foreach (var key in baselines.Where(b => !used.Contains(b.Value)).Select(static b => b.Key).ToArray())
                baselines.Remove(key);
        }
    }

    /// <summary>One baseline for all pods that gave the same text: their windows merge.</summary>
    /// <returns>Null for what is none.</returns>
    public Baseline? Share(string text)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        lock (gate)
        {
            if (baselines.TryGetValue(key, out var known))
                return known;
            try
            {
                if (JsonSerializer.Deserialize(text, ContractJson.Default.ProfileDocument) is not { } document)
                    return null;
                return baselines[key] = new Baseline(document.ToProfile(), settings);
            }
            catch (Exception e) when (e is JsonException or FormatException)
            {
                return null;
            }
        }
    }

    /// <summary>A container that began anew has forgotten what it learnt.</summary>
    static (string Uid, int Start) Key(Pod pod) =>
        (pod.Metadata.Uid ?? "", pod.Status?.ContainerStatuses?.FirstOrDefault(static c => c.Name == ContainersFor.ServingName)?.RestartCount ?? 0);
}
