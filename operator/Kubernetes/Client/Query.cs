using System.Globalization;
using System.Text;

namespace Sluice.Kubernetes.Client;

/// <summary>Builds query strings; absent values are left out.</summary>
internal sealed class Query
{
    private readonly StringBuilder _text = new();

    public static string Of(ListOptions? options) => options is null
        ? ""
        : new Query()
            .With("labelSelector", options.LabelSelector)
            .With("fieldSelector", options.FieldSelector)
            .With("limit", options.Limit?.ToString(CultureInfo.InvariantCulture))
            .With("continue", options.Continue)
            .With("resourceVersion", options.ResourceVersion)
            .ToString();

    public static string Of(WatchOptions options) => new Query()
        .With("watch", "true")
        .With("labelSelector", options.LabelSelector)
        .With("fieldSelector", options.FieldSelector)
        .With("resourceVersion", options.ResourceVersion)
        .With("allowWatchBookmarks", options.Bookmarks ? "true" : null)
        .With("timeoutSeconds", options.Timeout is { } limit
            ? ((int)Math.Ceiling(limit.TotalSeconds)).ToString(CultureInfo.InvariantCulture)
            : null)
        .ToString();

    public static string Of(ApplyOptions options) => new Query()
        .With("fieldManager", options.FieldManager)
        .With("force", options.Force ? "true" : null)
        .With("dryRun", options.DryRun ? "All" : null)
        .ToString();

    public static string OfCreate(bool dryRun, string? fieldManager) => new Query()
        .With("fieldManager", fieldManager)
        .With("dryRun", dryRun ? "All" : null)
        .ToString();

    public override string ToString() => _text.ToString();

    private Query With(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            _text.Append(_text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }
}
