using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Json;

namespace Sluice.LocalCluster.Demo;

/// <summary>What a person would do with kubectl on a fresh cluster, step by step, through the ordinary API.</summary>
internal sealed class Walkthrough(DemoOptions options, KubeClient client, Progress progress, TimeProvider time)
{
    const string Namespace = DemoService.Namespace;
    const string Service = DemoService.Name;
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Runs to the last predictions; the share of right ones.</summary>
    /// <exception cref="DemoFailure">A step did not come to its end; says which and where to look.</exception>
    public async Task<double> RunAsync(CancellationToken cancel)
    {
        await ApplyCrdsAsync(cancel);
        CopyModels();
        await using var running = DemoProcess.Operator(options);
        var service = new DemoService(client, progress, time,
            () => running.ExitCode is { } code ? $"the operator ended with exit code {code}; see {running.LogFile}" : null);
        await ApplyAsync(options.Sample, cancel);
        progress.Done("apply", "kubectl apply -f config/samples/iris.yaml");
        await ReadyAsync(service, running, cancel);
        var rows = IrisRows.Load(Path.Combine(options.Models, "iris", "iris.csv"));
        await PredictAsync(rows, examples: true, cancel);
        await using var bucket = await Bucket.StartAsync(options, time, cancel);
        await RollOutAsync(service, rows, await BetterVersionAsync(bucket, cancel), cancel);
        var accuracy = await PredictAsync(rows, examples: false, cancel);
        await new DriftScene(options, client, progress, time, ApplyAsync).RunAsync(rows, cancel);
        await SayWhatNextAsync(cancel);
        if (!options.Once) await UntilCancelledAsync(running, cancel);
        return accuracy;
    }

    /// <summary>The name of the ModelVersion that is to take over, once it is proven.</summary>
    async Task<string> BetterVersionAsync(Bucket? bucket, CancellationToken cancel)
    {
        progress.Say();
        if (bucket is null)
        {
            progress.Done("no S3", "s3rver is not installed (make demo does that with npm); iris-2 comes from the claim \"models\" too");
            return "iris-2";
        }
        progress.Done("S3", $"s3rver on {bucket.Address} holds the bucket \"models\"");
        await ApplyAsync(options.BucketSample, bucket.PutAddress, cancel);
        progress.Done("apply", "kubectl apply -f config/samples/iris-s3.yaml");
        const string version = "iris-2-s3";
        progress.Done("proven", $"{version} from s3://models/iris/2/model.onnx is {await DigestAsync(version, cancel)}");
        return version;
    }

    async Task<string> DigestAsync(string version, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        for (; ; )
        {
            var found = await client.GetJsonAsync($"/apis/sluice.dev/v1alpha1/namespaces/{Namespace}/modelversions/{version}", cancel);
            if (found.TryGetProperty("status", out var status))
            {
                var ready = status.GetProperty("conditions").EnumerateArray().First(static c => c.GetProperty("type").GetString() == "Ready");
                if (ready.GetProperty("status").GetString() == "True") return status.GetProperty("digest").GetString()!;
                progress.Waiting("proven", $"{version}: {ready.GetProperty("message").GetString()}");
                if (time.GetElapsedTime(started) > Patience)
                    throw new DemoFailure($"{version} was not proven within {Patience.TotalMinutes:0} minute: {ready.GetProperty("message").GetString()}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancel);
        }
    }

    async Task RollOutAsync(DemoService service, IrisRows rows, string better, CancellationToken cancel)
    {
        var users = new Users(new Uri($"http://{await AddressAsync(cancel)}/v1/models/{Service}:predict"), rows, time);
        await using (users)
        {
            var rollout = new Rollout(service, client, progress, users, better);
            await rollout.PromoteAsync(cancel);
            await PredictAsync(rows, examples: false, cancel);
            await rollout.PauseAndAbortAsync(cancel);
        }
        progress.Say($"\n  {users.Answered} requests of users meanwhile, {users.Failures.Count} failed");
        if (users.Failures.Count > 0) throw new DemoFailure($"users saw: {users.Failures[0]}");
    }

    async Task ApplyCrdsAsync(CancellationToken cancel)
    {
        foreach (var name in new[] { "inferenceservices", "modelversions" })
        {
            await ApplyAsync(Path.Combine(options.Crds, name + ".yaml"), cancel);
            await EstablishedAsync(name, cancel);
        }
        progress.Done("CRDs", "kubectl apply --server-side -k crds");
    }

    /// <summary>The claim "models" is a folder of the local cluster; on another one a person copies the files there.</summary>
    void CopyModels()
    {
        var claim = Path.Combine(options.State, "volumes", Namespace, "models");
        foreach (var file in Directory.EnumerateFiles(options.Models, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(claim, Path.GetRelativePath(options.Models, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    Task ApplyAsync(string file, CancellationToken cancel) => ApplyAsync(file, static _ => { }, cancel);

    async Task ApplyAsync(string file, Action<JsonNode> change, CancellationToken cancel)
    {
        foreach (var document in Yaml.Read(await File.ReadAllTextAsync(file, cancel)))
        {
            change(document);
            await client.ApplyAsync(document.AsObject(), new ApplyOptions("demo"), cancel);
        }
    }

    async Task EstablishedAsync(string name, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        for (; ; )
        {
            using var answer = await client.RawAsync(HttpMethod.Get, "/apis/sluice.dev/v1alpha1/" + name, cancel: cancel);
            if (answer.IsSuccessStatusCode) return;
            if (time.GetElapsedTime(started) > Patience) throw new DemoFailure($"{name}.sluice.dev is not established");
            progress.Waiting("CRDs", $"{name}.sluice.dev is being established");
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancel);
        }
    }

    async Task ReadyAsync(DemoService service, DemoProcess running, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        await service.UntilAsync("rollout",
            status => DemoService.IsTrue(status, "Ready") && DemoService.IsTrue(status, "Promoted"), cancel);
        progress.Done("Ready", $"{Service} serves after {time.GetElapsedTime(started).TotalSeconds:0.0} s; operator log: {running.LogFile}");
    }

    async Task<double> PredictAsync(IrisRows rows, bool examples, CancellationToken cancel)
    {
        var predictions = await AskAsync(rows.Request(0, rows.Features.Count), cancel);
        progress.Say($"\n  POST /v1/models/{Service}:predict with the {rows.Features.Count} rows of iris.csv{(examples ? "; every thirtieth:" : "")}");
        for (var row = 0; examples && row < rows.Features.Count; row += 30)
        {
            var (features, label) = (rows.Features[row], Label(predictions[row]));
            progress.Say($"    {string.Join("  ", features.Select(f => f.ToString("0.0")))}  →  {IrisRows.Names[label],-10}"
                + $" ({Certainty(predictions[row], label):0.00})  was {IrisRows.Names[rows.Classes[row]]}");
        }
        var right = rows.Classes.Where((wanted, row) => Label(predictions[row]) == wanted).Count();
        var accuracy = (double)right / rows.Classes.Count;
        progress.Say($"  {rows.Classes.Count} predictions, {right} right: accuracy {accuracy:0.000}");
        return accuracy;
    }

    /// <summary>Through the Service, as the API server's proxy carries it: works from any machine that reaches the API.</summary>
    async Task<JsonArray> AskAsync(string request, CancellationToken cancel)
    {
        using var body = new StringContent(request, Encoding.UTF8, "application/json");
        using var answer = await client.RawAsync(HttpMethod.Post,
            $"/api/v1/namespaces/{Namespace}/services/{Service}:80/proxy/v1/models/{Service}:predict", body, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new DemoFailure($"the model answered {(int)answer.StatusCode}: {text}");
        try
        {
            return JsonNode.Parse(text)!["predictions"]!.AsArray();
        }
        catch (Exception odd) when (odd is JsonException or NullReferenceException or InvalidOperationException)
        {
            throw new DemoFailure($"the model's answer holds no predictions: {text}", odd);
        }
    }

    static int Label(JsonNode? prediction) => (int)prediction!["label"]!;

    static double Certainty(JsonNode? prediction, int label) => (double)prediction!["probabilities"]![label]!;

    async Task<string?> AddressAsync(CancellationToken cancel)
    {
        var front = await client.GetJsonAsync($"/api/v1/namespaces/{Namespace}/services/{Service}", cancel);
        return front.GetProperty("spec").GetProperty("clusterIP").GetString();
    }

    async Task SayWhatNextAsync(CancellationToken cancel)
    {
        var address = await AddressAsync(cancel);
        progress.Say($"""

              Try next, in another terminal:
                export KUBECONFIG={options.Kubeconfig}
                kubectl get inferenceservices,modelversions,deployments,pods
                kubectl describe inferenceservice {Service}
                kubectl logs -l sluice.dev/inferenceservice={Service}
                kubectl delete pod -l sluice.dev/inferenceservice={Service} --wait=false   # they come back
                curl -s http://{address}/v1/models/{Service}:predict -d '{"{"}"instances": [[5.1, 3.5, 1.4, 0.2]]{"}"}'
            """);
        if (!options.Once) progress.Say("\n  Ctrl-C ends the cluster and everything in it.");
    }

    async Task UntilCancelledAsync(DemoProcess running, CancellationToken cancel)
    {
        try
        {
            while (running.ExitCode is null) await Task.Delay(TimeSpan.FromSeconds(1), time, cancel);
            throw new DemoFailure($"the operator ended with exit code {running.ExitCode}; see {running.LogFile}");
        }
        catch (OperationCanceledException)
        {
            progress.Say("  ending…");
        }
    }
}

/// <summary>A step of the demo failed; the message is for the person at the terminal.</summary>
internal sealed class DemoFailure(string message, Exception? inner = null) : Exception(message, inner);
