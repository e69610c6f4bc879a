using System.Net;
using System.Security.Cryptography;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Storage;

namespace Sluice.LocalCluster.Api.Subresources;

/// <summary><c>pods/proxy</c> and <c>services/proxy</c>: passes a request on to a pod and its answer back.</summary>
internal sealed class Proxying(ApiState state)
{
    static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Host",
        // The credentials for this server are none of the pod's business.
        "Authorization",
    };

    // Lives as long as the program: connections to pods are pooled in it.
    static readonly HttpMessageInvoker Client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(10),
    });

    public async Task RunAsync(Call call)
    {
        if (call.Request.Headers.ContainsKey("Upgrade"))
            throw ApiException.NotImplemented("an upgrade of the connection through a proxy");
        var (scheme, name, port) = Split(call.Target.Name);
        if (scheme is not ("" or "http"))
            throw ApiException.NotImplemented($"a proxy with scheme {scheme}");
        var authority = call.Target.Resource == "pods" ? Pod(call, name, port) : Service(call, name, port);
        var rawPath = RestOf(call);
        using var message = Outgoing(call, new Uri($"http://{authority}{rawPath}{call.Request.QueryString}"));
        HttpResponseMessage answer;
        try
        {
            answer = await Client.SendAsync(message, call.Stop);
        }
        catch (HttpRequestException error)
        {
            throw new ApiException(503, "ServiceUnavailable", $"error trying to reach service: {error.Message}");
        }

        using (answer)
            await PassBackAsync(call.Context, answer, call.Stop);
    }

    /// <summary><c>SCHEME:NAME:PORT</c>, of which only the name is needed.</summary>
    static (string Scheme, string Name, string Port) Split(string text) => text.Split(':') switch
    {
        [var name] => ("", name, ""),
        [var name, var port] => ("", name, port),
        [var scheme, var name, var port] => (scheme, name, port),
        _ => throw ApiException.BadRequest($"invalid request \"{text}\""),
    };

    /// <summary>The part of the path that goes on, exactly as the client escaped it.</summary>
    static string RestOf(Call call)
    {
        var raw = call.Context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget.Split('?')[0];
        const string Marker = "/proxy";
        var at = raw.IndexOf(Marker, raw.IndexOf($"/{call.Target.Resource}/", StringComparison.Ordinal), StringComparison.Ordinal);
        var rest = at < 0 ? "" : raw[(at + Marker.Length)..];
        return rest.Length == 0 ? "/" : rest;
    }

    static string Pod(Call call, string name, string port)
    {
        var pod = call.Kind.Objects.Find(StoredObject.KeyOf(call.Target.Namespace, name))
            ?? throw ApiException.NotFound("", "pods", name);
        var address = pod.Value.Text("status", "podIP") is { Length: > 0 } ip
            ? ip
            : throw ApiException.BadRequest($"address not allowed: pod {name} has no address yet");
        var ports = pod.Value.Objects("spec", "containers").SelectMany(container => container.Objects("ports")).ToList();
        var number = port.Length == 0
            ? ports.FirstOrDefault()?.Integer("containerPort") ?? 80
            : Number(port) ?? ports.FirstOrDefault(one => one.Text("name") == port)?.Integer("containerPort")
                ?? throw ApiException.BadRequest($"pod {name} has no port called \"{port}\"");
        return $"{address}:{number}";
    }

    string Service(Call call, string name, string port)
    {
        var service = call.Kind.Objects.Find(StoredObject.KeyOf(call.Target.Namespace, name))
            ?? throw ApiException.NotFound("", "services", name);
        var ports = service.Value.Objects("spec", "ports").ToList();
        var wanted = port.Length == 0
            ? ports.Count == 1 ? ports[0] : throw Unavailable($"no service port specified for service \"{name}\" that has several")
            : ports.FirstOrDefault(one => one.Text("name") == port || one.Integer("port") == Number(port))
                ?? throw Unavailable($"no service port \"{port}\" found for service \"{name}\"");
        var addresses = Ready(call.Target.Namespace, name, wanted.Text("name") ?? "").ToList();
        return addresses.Count > 0
            ? addresses[RandomNumberGenerator.GetInt32(addresses.Count)]
            : throw Unavailable($"no endpoints available for service \"{name}\"");
    }

    IEnumerable<string> Ready(string ns, string service, string portName)
    {
        var slices = state.Kind("discovery.k8s.io", "endpointslices").Objects.Objects.Values
            .Where(slice => slice.Namespace == ns && slice.Labels.GetValueOrDefault("kubernetes.io/service-name") == service);
        foreach (var slice in slices)
        {
            var number = slice.Value.Objects("ports").FirstOrDefault(one => (one.Text("name") ?? "") == portName)?.Integer("port");
            if (number is null)
                continue;
            foreach (var endpoint in slice.Value.Objects("endpoints").Where(one => one.Flag("conditions", "ready") != false))
            {
                foreach (var address in endpoint.Texts("addresses"))
                    yield return $"{address}:{number}";
            }
        }
    }

    static HttpRequestMessage Outgoing(Call call, Uri to)
    {
        var message = new HttpRequestMessage(new HttpMethod(call.Request.Method), to) { Version = HttpVersion.Version11 };
        if (call.Request.ContentLength is > 0 || call.Request.Headers.TransferEncoding.Count > 0 || call.Request.Protocol == "HTTP/2" && call.Request.ContentLength is null && call.Request.Method is not ("GET" or "HEAD" or "DELETE"))
            message.Content = new StreamContent(call.Request.Body);
        foreach (var (name, values) in call.Request.Headers)
        {
            if (HopByHop.Contains(name) || name.StartsWith(':'))
                continue;
            if (!message.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                message.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        message.Headers.TryAddWithoutValidation("X-Forwarded-For", call.Context.Connection.RemoteIpAddress?.ToString());
        message.Headers.TryAddWithoutValidation("X-Forwarded-Host", call.Request.Host.Value);
        message.Headers.TryAddWithoutValidation("X-Forwarded-Proto", call.Request.Scheme);
        message.Headers.TryAddWithoutValidation("X-Forwarded-Uri", call.Request.Path.Value);
        return message;
    }

    static async Task PassBackAsync(HttpContext context, HttpResponseMessage answer, CancellationToken stop)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!HopByHop.Contains(name))
                context.Response.Headers[name] = values.ToArray();
        }

        await using var body = await answer.Content.ReadAsStreamAsync(stop);
        var chunk = new byte[32 * 1024];
        while (await body.ReadAsync(chunk, stop) is > 0 and var read)
        {
            await context.Response.Body.WriteAsync(chunk.AsMemory(0, read), stop);
            await context.Response.Body.FlushAsync(stop);
        }
    }

    static long? Number(string port) => int.TryParse(port, out var number) ? number : null;

    static ApiException Unavailable(string message) => new(503, "ServiceUnavailable", message);
}
