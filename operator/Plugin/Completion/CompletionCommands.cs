using System.CommandLine;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Completion;

/// <summary><c>completion</c> prints what a shell sources; <c>__complete WORDS</c> is what the shell then calls.</summary>
internal static class CompletionCommands
{
    /// <summary>A person waits for the next letter.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static Command Script(CommandFactory factory)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish for 'kubectl-sluice'; kubectl for 'kubectl sluice' in every shell." };
        shell.AcceptOnlyFromAmong([.. Scripts.All.Keys]);
        var command = new Command("completion", "Prints the completion script of a shell.") { shell };
        command.SetAction(async (parsed, _) =>
        {
            await factory.Terminal.Out.WriteAsync(Scripts.All[parsed.GetValue(shell)!]);
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Lines of word, tab, meaning; then kubectl's directive, of which 4 means that no file names fit.</summary>
    /// <param name="line">The words that were typed, the one at the cursor last.</param>
    public static async Task<int> CompleteAsync(CommandFactory factory, RootCommand root, IReadOnlyList<string> line, CancellationToken cancel)
    {
        string[] before = [.. line.SkipLast(1)];
        var partial = line.Count == 0 ? "" : line[^1];
        var found = await ResolvedAsync(factory, root.Parse(before), Candidates.After(root, before, partial), partial, cancel);
        foreach (var candidate in found)
            await factory.Terminal.Out.WriteLineAsync(candidate.Description.Length == 0 ? candidate.Text : $"{candidate.Text}\t{candidate.Description}");
        var file = before.LastOrDefault() is "-f" or "--filename" or "--kubeconfig";
        await factory.Terminal.Out.WriteLineAsync(file ? ":0" : ":4");
        return ExitCodes.Done;
    }

    static async Task<IReadOnlyList<Candidate>> ResolvedAsync(CommandFactory factory, ParseResult line, IReadOnlyList<Candidate> found, string partial, CancellationToken cancel)
    {
        if (!found.Contains(Candidates.Services) && !found.Contains(Candidates.Namespaces))
            return found;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var limit = new CancellationTokenSource(Patience, factory.Terminal.Time);
        using var late = limit.Token.Register(patience.Cancel);
        try
        {
            using var session = factory.Shared.Open(line, factory.Terminal, patience.Token);
            var names = found.Contains(Candidates.Services)
                ? (await session.Client.ListAsync<InferenceService>(session.Namespace, cancel: patience.Token)).Items.Select(static s => s.Key.Name)
                : (await session.Client.ListAsync<Namespace>(cancel: patience.Token)).Items.Select(static n => n.Key.Name);
            return [.. names.Where(n => n.StartsWith(partial, StringComparison.Ordinal)).Select(static n => new Candidate(n, ""))];
        }
        catch (Exception e) when (e is KubeApiException or KubeConfigException or HttpRequestException or TimeoutException or OperationCanceledException or IOException)
        {
            // Nothing to offer; the command itself will say what is wrong.
            return [];
        }
    }
}
