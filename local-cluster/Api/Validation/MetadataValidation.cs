using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Api.Validation;

/// <summary>The rules for <c>metadata</c> of every kind.</summary>
internal static class MetadataValidation
{
    const int AnnotationsLimit = 256 * 1024;

    public static IEnumerable<FieldError> Check(JsonObject obj, JsonObject? old, bool namespaced, Func<string, IEnumerable<string>> nameForm)
    {
        foreach (var error in old is null ? Name(obj, namespaced, nameForm) : Unchanged(obj, old))
            yield return error;
        foreach (var (key, value) in obj.Strings("metadata", "labels"))
        {
            foreach (var problem in Names.Qualified(key))
                yield return Errors.Invalid("metadata.labels", key, problem);
            foreach (var problem in Names.LabelValue(value))
                yield return Errors.Invalid("metadata.labels", value, problem);
        }

        foreach (var error in Annotations(obj).Concat(Owners(obj)).Concat(Finalizers(obj, old)))
            yield return error;
    }

    static IEnumerable<FieldError> Name(JsonObject obj, bool namespaced, Func<string, IEnumerable<string>> nameForm)
    {
        var name = obj.Text("metadata", "name") ?? "";
        if (name.Length == 0)
            yield return Errors.Required("metadata.name", "name or generateName is required");
        else
        {
            foreach (var problem in nameForm(name))
                yield return Errors.Invalid("metadata.name", name, problem);
        }

        var ns = obj.Text("metadata", "namespace") ?? "";
        if (!namespaced && ns.Length > 0)
            yield return Errors.Forbidden("metadata.namespace", "not allowed on this type");
    }

    static IEnumerable<FieldError> Unchanged(JsonObject obj, JsonObject old)
    {
        foreach (var name in new[] { "name", "namespace", "uid", "creationTimestamp" })
        {
            var (now, before) = (obj.At("metadata", name), old.At("metadata", name));
            if (!Tree.Same(now, before))
                yield return Errors.Invalid($"metadata.{name}", now, "field is immutable");
        }
    }

    static IEnumerable<FieldError> Annotations(JsonObject obj)
    {
        var size = 0;
        foreach (var (key, value) in obj.Strings("metadata", "annotations"))
        {
            foreach (var problem in Names.Qualified(key.ToLowerInvariant()))
                yield return Errors.Invalid("metadata.annotations", key, problem);
            size += key.Length + value.Length;
        }

        if (size > AnnotationsLimit)
            yield return Errors.TooLong("metadata.annotations", AnnotationsLimit);
    }

    static IEnumerable<FieldError> Owners(JsonObject obj)
    {
        var controllers = new List<string>();
        foreach (var (owner, index) in obj.Objects("metadata", "ownerReferences").Select((owner, index) => (owner, index)))
        {
            var at = $"metadata.ownerReferences[{index}]";
            if (owner.Text("apiVersion") is null or "")
                yield return Errors.Invalid($"{at}.apiVersion", owner.Text("apiVersion") ?? "", "version must not be empty");
            foreach (var name in new[] { "kind", "name", "uid" })
            {
                if (owner.Text(name) is null or "")
                    yield return Errors.Invalid($"{at}.{name}", "", "must not be empty");
            }

            if (owner.Flag("controller") == true)
                controllers.Add(owner.Text("name") ?? "");
        }

        if (controllers.Count > 1)
        {
            yield return Errors.Invalid("metadata.ownerReferences", obj.At("metadata", "ownerReferences")?.DeepClone(),
                "Only one reference can have Controller set to true. Found \"true\" in references for " +
                $"{controllers[0]} and {controllers[1]}");
        }
    }

    static IEnumerable<FieldError> Finalizers(JsonObject obj, JsonObject? old)
    {
        var now = obj.Texts("metadata", "finalizers").ToList();
        foreach (var finalizer in now)
        {
            foreach (var problem in Names.Qualified(finalizer))
                yield return Errors.Invalid("metadata.finalizers", finalizer, problem);
        }

        if (now.Contains("orphan") && now.Contains("foregroundDeletion"))
            yield return Errors.Invalid("metadata.finalizers", obj.At("metadata", "finalizers")?.DeepClone(), "finalizer orphan and foregroundDeletion cannot be both set");
        if (old?.At("metadata", "deletionTimestamp") is null)
            yield break;
        var added = now.Except(old.Texts("metadata", "finalizers")).ToList();
        if (added.Count > 0)
        {
            yield return Errors.Forbidden("metadata.finalizers",
                $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(one => $"\"{one}\""))}}}");
        }
    }
}
