using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Images;

/// <summary>
/// Of the image for arm64 what an x64 machine can see: that its native library is in the locked package, is what it should
/// be, and is what a publish for that architecture takes.
/// </summary>
public sealed class ArchitectureTests
{
    static readonly string Native = Checkout.Path("inference-runtime", "Onnx", "native");

    /// <summary>The numbers of the architectures in an ELF header.</summary>
    [Theory]
    [InlineData("x64", 62)]
    [InlineData("arm64", 183)]
    public async Task The_locked_package_has_the_library_of_the_architecture(string architecture, int machine)
    {
        var locked = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Native, "package-lock.json")))!["packages"]!["node_modules/onnxruntime-node"]!;
        locked["integrity"]!.ToString().Should().StartWith("sha512-", "npm ci takes no other bytes");

        var library = await File.ReadAllBytesAsync(await LibraryAsync($"linux-{architecture}"));

        library.AsSpan(0, 5).ToArray().Should().Equal([0x7f, (byte)'E', (byte)'L', (byte)'F', 2], "a program of 64 bits");
        BinaryPrimitives.ReadUInt16LittleEndian(library.AsSpan(16)).Should().Be(3, "a shared library");
        BinaryPrimitives.ReadUInt16LittleEndian(library.AsSpan(18)).Should().Be((ushort)machine);
        library.AsSpan().IndexOf(Encoding.ASCII.GetBytes("\0OrtGetApiBase\0")).Should().BePositive();
    }

    /// <summary>What a publish puts beside the program.</summary>
    static async Task<string> LibraryAsync(string runtimeIdentifier)
    {
        var (code, output) = await RunningProgram.RunAsync("dotnet",
            ["msbuild", Checkout.Path("inference-runtime", "Onnx", "Sluice.Onnx.csproj"), "-nologo", "-getProperty:OnnxRuntimeLibrary", $"-p:RuntimeIdentifier={runtimeIdentifier}"],
            limit: TimeSpan.FromMinutes(3));
        code.Should().Be(0, output);
        return output.Trim();
    }
}
