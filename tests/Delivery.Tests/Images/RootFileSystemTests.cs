using System.Text;
using System.Text.RegularExpressions;
using Sluice.Support.Http;
using Sluice.Support.Measuring;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Images;

/// <summary>What goes into the images, run as a container runs it: nothing else in sight, nobody's rights, a root that cannot be written.</summary>
public sealed partial class RootFileSystemTests : IDisposable
{
    const long LargestImage = 150_000_000;

    /// <summary>
    /// Makes the root the whole world of a process: a private mount namespace with the root read-only, the devices and
    /// /proc that every container has, and a /tmp to write in that has what the test wants to show. Where the tests are
    /// not root, a user namespace gives the right to.
    /// </summary>
    const string Contain = """
        mount --make-rprivate /
        mount --bind "$ROOT" "$ROOT"
        mount -t tmpfs tmpfs "$ROOT/tmp"
        cp -r "$SHOWN"/. "$ROOT/tmp"
        chmod -R a+rwX "$ROOT/tmp"
        mount --rbind /proc "$ROOT/proc"
        mount -t tmpfs tmpfs "$ROOT/dev"
        for device in null random urandom; do touch "$ROOT/dev/$device"; mount --bind "/dev/$device" "$ROOT/dev/$device"; done
        mount -o remount,ro,bind "$ROOT" "$ROOT"
        [ -n "${USERNS:-}" ] || exec chroot --userspec=65532:65532 "$ROOT" "$@"
        exec chroot "$ROOT" "$@"
        """;

    static readonly EnumerationOptions WithoutLinks = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    readonly string folder = Directory.CreateTempSubdirectory("sluice-rootfs-").FullName;

    string Shown => Directory.CreateDirectory(Path.Combine(folder, "shown")).FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("sluice-operator")]
    [InlineData("sluice-runtime", "libonnxruntime.so.1")]
    public async Task Every_library_is_there_and_the_program_starts(params string[] files)
    {
        var root = await MakeAsync(files);

        foreach (var file in files)
        {
            var (_, loaded) = await RunningProgram.RunAsync(Path.Combine(root, "lib64", Loader(root)),
                ["--inhibit-cache", "--library-path", Libraries(root), "--list", Path.Combine(root, "app", file)]);
            var paths = Resolved().Matches(loaded).Select(static m => m.Groups[1].Value).ToList();
            paths.Should().Contain(static p => p.EndsWith("libc.so.6")).And.OnlyContain(p => p.StartsWith(root), loaded);
            loaded.Should().NotContain("not found");
        }

        if (await MayContainAsync())
            (await RunAsync(root, $"/app/{files[0]}", "--help")).Should().Contain("Usage:");
        var size = new DirectoryInfo(root).EnumerateFiles("*", WithoutLinks).Sum(static f => f.Length);
        Measured.Report($"root file system of {files[0]} (150 MB)", $"{size / 1e6:0} MB");
        size.Should().BeLessThan(LargestImage);
    }

    [Fact]
    public async Task A_model_is_fetched_over_TLS_and_served_by_nobody_on_a_root_that_cannot_be_written()
    {
        var root = await MakeAsync("sluice-runtime", "libonnxruntime.so.1");
        if (!await MayContainAsync())
        {
            Measured.Report("root file systems", "no program was started in one, for want of the right to mount");
            return;
        }

        using var certificates = new Certificates();
        await File.AppendAllTextAsync(Path.Combine(root, "etc/ssl/certs/ca-certificates.crt"), "\n" + certificates.AuthorityPem);
        var model = await File.ReadAllBytesAsync(Checkout.Path("tests", "Models", "iris", "2", "model.onnx"));
        await using var storage = await LoopbackServer.StartAsync(context => SendAsync(context, model), certificates.Server("127.0.0.1"));

        await RunAsync(root, "/app/sluice-runtime", "pull", "--model", $"{storage.Address}model.onnx", "--to", "/tmp/fetched");

        Directory.CreateDirectory(Path.Combine(Shown, "iris"));
        await File.WriteAllBytesAsync(Path.Combine(Shown, "iris", "model.onnx"), model);
        await using var server = Start(root, "/app/sluice-runtime", "serve", "--model", "/tmp/iris", "--name", "iris", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--admin", "127.0.0.1:0");
        await server.WaitForAsync("Serving on", TimeSpan.FromMinutes(1));
        var address = server.Output.Split("Serving on http ")[1].Split(',')[0];
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var rows = new StringContent("""{"instances": [[5.1, 3.5, 1.4, 0.2]]}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri($"http://{address}/v1/models/iris:predict"), rows);
        ((int)answer.StatusCode).Should().Be(200);
    }

    async Task<string> MakeAsync(params string[] files)
    {
        var root = Path.Combine(folder, files[0]);
        var (code, output) = await RunningProgram.RunAsync(Checkout.Path("config", "image", "rootfs"), [root, .. files.Select(Checkout.Published)], limit: TimeSpan.FromMinutes(3));
        code.Should().Be(0, output);
        return root;
    }

    /// <summary>The model, and nothing beside it that would say what its digest must be.</summary>
    static async Task SendAsync(Microsoft.AspNetCore.Http.HttpContext context, byte[] model)
    {
        if (context.Request.Path == "/model.onnx")
            await context.Response.Body.WriteAsync(model);
        else
            context.Response.StatusCode = 404;
    }

    static string Loader(string root) =>
        Path.GetFileName(Directory.EnumerateFiles(Path.Combine(root, "usr", "lib"), "ld-linux-*").Single());

    static string Libraries(string root) =>
        Path.GetDirectoryName(Directory.EnumerateFiles(Path.Combine(root, "usr", "lib"), "libc.so.6", SearchOption.AllDirectories).Single())!;

    /// <summary>Containers and hardened machines give nobody the right to a mount namespace.</summary>
    static async Task<bool> MayContainAsync() =>
        (await RunningProgram.RunAsync("unshare", [.. Namespaces, "bash", "-c", "mount --make-rprivate / && mount -t tmpfs tmpfs /mnt"])).ExitCode == 0;

    static string[] Namespaces => Environment.IsPrivilegedProcess ? ["--mount"] : ["--user", "--map-root-user", "--mount"];

    async Task<string> RunAsync(string root, params string[] command)
    {
        await using var program = Start(root, command);
        var code = await program.ExitAsync(TimeSpan.FromMinutes(1));
        code.Should().Be(0, $"{string.Join(' ', command)} says: {program.Output}");
        return program.Output;
    }

    RunningProgram Start(string root, params string[] command) =>
        RunningProgram.Start("unshare", [.. Namespaces, "bash", "-euc", Contain, "contain", .. command],
            new Dictionary<string, string> { ["ROOT"] = root, ["SHOWN"] = Shown, ["USERNS"] = Environment.IsPrivilegedProcess ? "" : "yes" });

    [GeneratedRegex(@"(/\S+) \(0x")]
    private static partial Regex Resolved();
}
