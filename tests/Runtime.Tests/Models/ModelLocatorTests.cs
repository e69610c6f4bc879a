using Sluice.Contract;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Tests.Models;

public sealed class ModelLocatorTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("sluice-locator").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("churn.onnx", "churn.onnx", "churn:1")]
    [InlineData("m/model.onnx", "m", "m:1")]
    [InlineData("m/whatever.ort", "m", "m:1")]
    [InlineData("models/model.onnx", "models", "model:1")]
    [InlineData("m/1/model.onnx m/3/model.onnx m/config.pbtxt", "m", "m:1 m:3")]
    [InlineData("r/a/1/model.onnx r/a/2/model.onnx r/b/model.onnx r/.git/x", "r", "a:1 a:2 b:1")]
    [InlineData("m/model.onnx m/other.onnx", "m", "m:1")]
    public void Models_are_found_without_configuration(string files, string path, string found)
    {
        Make(files);

        var locations = ModelLocator.Find(Path.Combine(root, path), null, null);

        string.Join(' ', locations.Select(l => $"{l.Name}:{l.Version}")).Should().Be(found);
    }

    [Fact]
    public void A_given_name_and_version_win()
    {
        Make("m/model.onnx r/x/4/model.onnx");

        ModelLocator.Find(Path.Combine(root, "m"), "churn", "7").Should()
            .ContainSingle(l => l.Name == "churn" && l.Version == "7");
        ModelLocator.Find(Path.Combine(root, "r"), "churn", null).Should().ContainSingle(l => l.Name == "churn" && l.Version == "4");
    }

    [Theory]
    [InlineData("m/readme.md", "m", TerminationReasons.NotFound, "readme.md")]
    [InlineData("m/a.onnx m/b.onnx", "m", TerminationReasons.InvalidOptions, "2 model files")]
    [InlineData("m/x", "none", TerminationReasons.NotFound, "none")]
    public void What_is_missing_or_unclear_is_told(string files, string path, string reason, string message)
    {
        Make(files);

        var finding = () => ModelLocator.Find(Path.Combine(root, path), null, null);

        finding.Should().Throw<FailureException>().Where(e => e.Reason == reason && e.Message.Contains(message));
    }

    private void Make(string files)
    {
        foreach (var file in files.Split(' '))
        {
            var path = Path.Combine(root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "x");
        }
    }
}
