using Sluice.Support.Programs;

namespace Sluice.Runtime.Tests.Storage;

/// <summary>Debian's nginx as people put it in front of files: plain, behind a password, slow, moved, busy, refusing and going in circles.</summary>
public sealed class NginxServer : IAsyncLifetime
{
    /// <summary>jane with the password s3cret.</summary>
    private const string Users = "jane:{PLAIN}s3cret\n";

    private readonly string folder = Directory.CreateTempSubdirectory("sluice-nginx").FullName;
    private RunningProgram? program;

    public Uri Address { get; private set; } = null!;

    private string AccessLog => Path.Combine(folder, "access.log");

    /// <summary>A line for each request that has ended: "STATUS URI [RANGE] [IF-RANGE]".</summary>
    public IReadOnlyList<string> Ended => File.ReadAllLines(AccessLog);

    public async Task InitializeAsync()
    {
        const string nginx = "/usr/sbin/nginx";
        if (!File.Exists(nginx))
            throw new FileNotFoundException($"{nginx} is missing; install Debian's nginx (apt-get install nginx-light)", nginx);
        Directory.CreateDirectory(Path.Combine(folder, "files"));
        File.WriteAllText(Path.Combine(folder, "users"), Users);
        // nginx cannot be asked which port it took: one that is lost to another program meanwhile is exchanged for another.
        for (var tries = 0; ; tries++)
        {
            var port = LoopbackPort.Free();
            File.WriteAllText(Path.Combine(folder, "nginx.conf"), Config(port));
            program = RunningProgram.Start(nginx, ["-p", folder, "-c", Path.Combine(folder, "nginx.conf"), "-e", "stderr"]);
            Address = new Uri($"http://127.0.0.1:{port}");
            try
            {
                await program.WaitForAsync("start worker process ", TimeSpan.FromMinutes(1));
                return;
            }
            catch (InvalidOperationException) when (tries < 5)
            {
                await program.DisposeAsync();
            }
        }
    }

    public void Put(string path, byte[] content)
    {
        var file = Path.Combine(folder, "files", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
    }

    public async Task DisposeAsync()
    {
        if (program is not null)
            await program.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private string Config(int port) => $$"""
        daemon off;
        # Only heeded when this is root, whose folder is closed to the user that the workers would else be.
        user root;
        worker_processes 1;
        pid {{folder}}/nginx.pid;
        error_log stderr notice;
        events { worker_connections 64; }
        http {
          log_format asked escape=none '$status $request_uri [$http_range] [$http_if_range]';
          access_log {{AccessLog}} asked;
          client_body_temp_path {{folder}}/t1; proxy_temp_path {{folder}}/t2; fastcgi_temp_path {{folder}}/t3;
          uwsgi_temp_path {{folder}}/t4; scgi_temp_path {{folder}}/t5;
          server {
            listen 127.0.0.1:{{port}};
            root {{folder}}/files;
            location /locked/ { alias {{folder}}/files/; auth_basic "models"; auth_basic_user_file {{folder}}/users; }
            location /slow/ { alias {{folder}}/files/; limit_rate 64k; }
            location /old/ { rewrite ^/old/(.*)$ /$1 permanent; }
            location /loop/ { return 302 $request_uri; }
            location /closed/ { deny all; }
            location /busy/ { return 503; }
          }
        }
        """;
}
