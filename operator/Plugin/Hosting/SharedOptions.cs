using System.CommandLine;
using Sluice.Kubernetes.Client;

namespace Sluice.Plugin.Hosting;

/// <summary>What kubectl's users may write on every command.</summary>
internal sealed class SharedOptions
{
    public Option<string?> Namespace { get; } = new("--namespace", "-n") { Description = "The service's namespace. Default: that of the context.", Recursive = true, HelpName = "NAMESPACE" };

    public Option<string?> Context { get; } = new("--context") { Description = "The kubeconfig's context. Default: the current one.", Recursive = true, HelpName = "NAME" };

    public Option<string?> Kubeconfig { get; } = new("--kubeconfig") { Description = "The kubeconfig file. Default: $KUBECONFIG, then ~/.kube/config.", Recursive = true, HelpName = "FILE" };

    public Option<string> Output { get; } = OutputOption();

    public void AddTo(Command root)
    {
        root.Add(Namespace);
        root.Add(Context);
        root.Add(Kubeconfig);
    }

    public Session Open(ParseResult parsed, Terminal terminal, CancellationToken cancel)
    {
        var config = KubeConfig.Load(parsed.GetValue(Kubeconfig), parsed.GetValue(Context));
        // The server names the field manager of a patch after the user agent.
        var client = new KubeClient(config, new KubeClientOptions { Time = terminal.Time, UserAgent = "kubectl-sluice" });
        return new Session(client, parsed.GetValue(Namespace) ?? config.Namespace, IsJson(parsed), terminal, cancel);
    }

    public bool IsJson(ParseResult parsed) => parsed.CommandResult.Command.Options.Contains(Output) && parsed.GetValue(Output) == "json";

    static Option<string> OutputOption()
    {
        var option = new Option<string>("--output", "-o") { Description = "text or json.", DefaultValueFactory = static _ => "text", HelpName = "FORMAT" };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }
}
