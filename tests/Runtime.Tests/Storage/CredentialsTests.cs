using Sluice.Contract;
using Sluice.Runtime.Storage;

namespace Sluice.Runtime.Tests.Storage;

public sealed class CredentialsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sluice-credentials-").FullName;

    [Fact]
    public void A_Secret_that_does_not_exist_is_named()
    {
        // What a kubelet leaves in the folder of an optional volume whose Secret does not exist.
        Directory.CreateDirectory(Path.Combine(folder, "..2026_01_01"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "..data"), "..2026_01_01");

        foreach (var missing in (string[])[folder, Path.Combine(folder, "nowhere")])
        {
            var required = () => With(missing).Require();
            required.Should().Throw<FailureException>().Which.Should().Match<FailureException>(static e =>
                e.Reason == TerminationReasons.CredentialsMissing && e.Message.Contains("\"s3-creds\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void One_with_a_key_is_enough_and_so_is_none_at_all()
    {
        File.WriteAllText(Path.Combine(folder, "token"), "abc");

        With(folder).Require();
        With(null).Require();
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Credentials With(string? folder) => new(folder, static name => name == CredentialFiles.NameVariable ? "s3-creds" : null);
}
