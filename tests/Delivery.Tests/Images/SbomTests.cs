using System.Text.Json;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Images;

/// <summary>The bills of materials say all that goes into the images, in CycloneDX as its own schema has it.</summary>
public sealed class SbomTests
{
    [Theory]
    [InlineData("operator", "operator/Operator")]
    [InlineData("runtime", "inference-runtime/Runtime")]
    public async Task Every_locked_package_is_in_the_bill_with_its_digest(string image, string project)
    {
        var locked =
            from framework in JsonDocument.Parse(await File.ReadAllTextAsync(Checkout.Path(project, "packages.lock.json"))).RootElement.GetProperty("dependencies").EnumerateObject()
            where !framework.Name.Contains('/') || framework.Name.EndsWith("/linux-x64", StringComparison.Ordinal)
            from package in framework.Value.EnumerateObject()
            where package.Value.GetProperty("type").GetString() != "Project"
            select ($"pkg:nuget/{package.Name}@{package.Value.GetProperty("resolved")}", Convert.ToHexStringLower(package.Value.GetProperty("contentHash").GetBytesFromBase64()));

        var bill = await BillAsync(image);

        locked.Should().Contain(static l => l.Item1.StartsWith("pkg:nuget/OpenTelemetry@", StringComparison.Ordinal));
        bill.Where(static c => c.Digest.Length > 0).Select(static c => (c.Purl, c.Digest)).Should().Contain(locked);
        bill.Select(static c => c.Purl).Should().OnlyHaveUniqueItems()
            .And.Contain(["pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@10.0.1", "pkg:nuget/Microsoft.AspNetCore.App.Runtime.linux-x64@10.0.1"]);
        bill.Should().Contain(static c => c.Purl.StartsWith("pkg:nuget/Meziantou.Analyzer@", StringComparison.Ordinal) && c.Scope == "excluded");
        bill.Should().Contain(static c => c.Purl.StartsWith("pkg:nuget/System.CommandLine@", StringComparison.Ordinal) && c.Scope == "required");
        bill.Any(static c => c.Purl.StartsWith("pkg:npm/onnxruntime-node@", StringComparison.Ordinal)).Should().Be(image == "runtime");
    }

    [Fact]
    public async Task What_the_image_has_of_Debian_is_in_the_bill()
    {
        var root = Directory.CreateTempSubdirectory("sluice-sbom").FullName;
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(root, "var", "lib", "dpkg", "status.d")).FullName;
            await File.WriteAllTextAsync(Path.Combine(folder, "libssl3"), "Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.17-1~deb12u2\n");

            (await BillAsync("operator", root)).Select(static c => c.Purl).Should().Contain("pkg:deb/debian/libssl3@3.0.17-1~deb12u2?arch=amd64");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task An_image_that_is_none_is_refused()
    {
        var (code, output) = await RunningProgram.RunAsync("node", [Script, "plugin", "10.0.1", "linux-x64"]);

        code.Should().Be(2);
        output.Should().Contain("operator|runtime");
    }

    static string Script => Checkout.Path("config", "image", "sbom.mjs");

    static async Task<IReadOnlyList<(string Purl, string Scope, string Digest)>> BillAsync(string image, params string[] rootfs)
    {
        var (made, bill) = await RunningProgram.RunAsync("node", [Script, image, "10.0.1", "linux-x64", .. rootfs]);
        made.Should().Be(0, bill);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, bill);
            var (valid, problems) = await RunningProgram.RunAsync("node", [Checkout.Path("tests", "tools", "sbom", "validate.mjs"), file]);
            valid.Should().Be(0, problems);
        }
        finally
        {
            File.Delete(file);
        }

        return [.. JsonDocument.Parse(bill).RootElement.GetProperty("components").EnumerateArray().Select(static c => (
            c.GetProperty("purl").GetString()!, c.GetProperty("scope").GetString()!,
            c.TryGetProperty("hashes", out var hashes) ? hashes[0].GetProperty("content").GetString()! : ""))];
    }
}
