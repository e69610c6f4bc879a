using System.CommandLine;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Completion;

/// <summary>What may come next on a command line. Pure, but for names that only the cluster knows.</summary>
internal static class Candidates
{
    /// <summary>The cluster is asked for the names of services.</summary>
    public static readonly Candidate Services = new("\0services", "");

    /// <summary>The cluster is asked for the names of namespaces.</summary>
    public static readonly Candidate Namespaces = new("\0namespaces", "");

    /// <param name="root">The whole tree.</param>
    /// <param name="words">Complete words before the cursor.</param>
    /// <param name="partial">The word at the cursor; may be empty.</param>
    public static IReadOnlyList<Candidate> After(RootCommand root, IReadOnlyList<string> words, string partial)
    {
        var parsed = root.Parse(words);
        var command = parsed.CommandResult.Command;
        var options = Options(root, command).ToArray();
        if (words.Count > 0 && options.FirstOrDefault(o => o.Name == words[^1] || o.Aliases.Contains(words[^1])) is { } open && TakesValue(open))
            return [.. Values(open).Where(v => v == Services || v == Namespaces || v.Text.StartsWith(partial, StringComparison.Ordinal))];
        if (partial.StartsWith('-'))
        {
            var used = words.ToHashSet(StringComparer.Ordinal);
            return [.. options.Where(o => !o.Hidden && !used.Contains(o.Name)).Select(static o => new Candidate(o.Name, o.Description ?? "")).Where(c => c.Text.StartsWith(partial, StringComparison.Ordinal))];
        }

        if (command.Subcommands.Count > 0)
            return [.. command.Subcommands.Where(c => !c.Hidden && c.Name.StartsWith(partial, StringComparison.Ordinal)).Select(static c => new Candidate(c.Name, c.Description ?? ""))];
        return command.Arguments.FirstOrDefault(a => parsed.GetResult(a) is null or { Tokens.Count: 0 }) switch
        {
            { Name: CommandFactory.NameArgument } => [Services],
            { } argument => [.. argument.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).Select(static c => new Candidate(c.Label, c.Detail ?? "")).Where(c => c.Text.StartsWith(partial, StringComparison.Ordinal))],
            null => [],
        };
    }

    static IEnumerable<Option> Options(RootCommand root, Command command) => command.Options.Concat(root.Options.Where(static o => o.Recursive)).Distinct();

    static bool TakesValue(Option option) => option.Arity.MinimumNumberOfValues > 0;

    static IEnumerable<Candidate> Values(Option option) => option.Name switch
    {
        "--namespace" => [Namespaces],
        "--revision" => [new("stable", "the revision that serves"), new("candidate", "the revision that a rollout brings in")],
        _ => option.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).Select(static c => new Candidate(c.Label, c.Detail ?? "")),
    };
}

/// <summary>One word that may come next, and what it means.</summary>
internal readonly record struct Candidate(string Text, string Description);
