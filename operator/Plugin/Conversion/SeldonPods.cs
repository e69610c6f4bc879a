using System.Text.Json.Nodes;

namespace Sluice.Plugin.Conversion;

/// <summary>What the componentSpecs of a SeldonDeployment say of pods and their number.</summary>
internal static class SeldonPods
{
    /// <summary>These mean here what they mean there.</summary>
    static readonly string[] AsTheyAre = ["serviceAccountName", "nodeSelector", "tolerations", "affinity"];

    public static void Fill(Source source, JsonObject settings, string? container, string place, List<Note> notes)
    {
        var components = (source.Take("componentSpecs") as JsonArray ?? []).OfType<JsonObject>().ToArray();
        Marks(source, settings);
        for (var i = 0; i < components.Length; i++)
        {
            var at = $"{place}.componentSpecs[{i}]";
            if (i > 0)
                notes.Add(new Note(NoteKind.Lost, at, "there are no further pods beside those of the model"));
            else
                Component(new Source((JsonObject)components[i].DeepClone(), at), settings, container, at, notes);
        }
    }

    static void Component(Source component, JsonObject settings, string? container, string at, List<Note> notes)
    {
        if (component.Number("replicas") is > 0 and var replicas)
            settings["minReplicas"] = replicas;
        foreach (var field in AsTheyAre)
        {
            if (component.Take("spec", field) is { } value)
                settings[field] = value;
        }

        Marks(component, settings, "metadata");
        Autoscaler(component, settings, at, notes);
        var containers = (component.Take("spec", "containers") as JsonArray ?? []).OfType<JsonObject>().ToArray();
        var index = Math.Max(Array.FindIndex(containers, c => (string?)c["name"] == container), 0);
        for (var i = 0; i < containers.Length; i++)
        {
            var path = $"{at}.spec.containers[{i}]";
            if (i == index)
                Container(new Source((JsonObject)containers[i].DeepClone(), path), settings["model"]!.AsObject(), path, notes);
            else
                notes.Add(new Note(NoteKind.Lost, path, "there are no further containers in a pod"));
        }

        notes.AddRange(component.Left().Select(static path => new Note(NoteKind.Lost, path, "has no counterpart")));
    }

    static void Marks(Source source, JsonObject settings, params string[] at)
    {
        foreach (var field in (string[])["labels", "annotations"])
        {
            if (source.Take([.. at, field]) is JsonObject { Count: > 0 } marks)
                settings[field] = marks;
        }
    }

    static void Container(Source container, JsonObject model, string path, List<Note> notes)
    {
        container.Take("name");
        if (container.Take("resources") is JsonObject { Count: > 0 } resources)
            model["resources"] = resources;
        if (container.Take("env") is JsonArray { Count: > 0 } env)
            ModelPart.Environment(env, model, path, notes);
        notes.AddRange(container.Left().Select(static left => new Note(NoteKind.Lost, left, "every model is served by Sluice's own runtime, which sets this itself")));
    }

    static void Autoscaler(Source component, JsonObject settings, string at, List<Note> notes)
    {
        var least = component.Number("hpaSpec", "minReplicas");
        if (component.Number("hpaSpec", "maxReplicas") is not { } most)
            return;
        settings["minReplicas"] = Math.Max(least ?? (long)settings["minReplicas"]!, 1);
        settings["maxReplicas"] = Math.Max(most, (long)settings["minReplicas"]!);
        var metrics = component.Take("hpaSpec", "metrics") as JsonArray ?? component.Take("hpaSpec", "metricsv2") as JsonArray ?? [];
        if (metrics.Count > 1)
            notes.Add(new Note(NoteKind.Lost, $"{at}.hpaSpec.metrics", "the number of pods follows one metric, the first"));
        if (metrics.Count == 0)
            return;
        var resource = metrics[0]?["resource"];
        var target = resource?["targetAverageUtilization"] ?? resource?["target"]?["averageUtilization"];
        if ((string?)resource?["name"] is not ("cpu" or "memory") || target is not JsonValue share || !share.TryGetValue<long>(out var percent))
            notes.Add(new Note(NoteKind.Lost, $"{at}.hpaSpec.metrics", "only cpu and memory in percent of the request can be carried over from here"));
        else if ((long)settings["maxReplicas"]! > (long)settings["minReplicas"]!)
            settings["autoscaler"] = new JsonObject { ["metric"] = (string)resource!["name"]!, ["target"] = percent };
    }
}
