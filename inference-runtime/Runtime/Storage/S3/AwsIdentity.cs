using System.Globalization;
using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.S3;

/// <summary>
/// The keys to sign with: static ones, or temporary ones that AWS STS gives for the pod's service account token
/// (AssumeRoleWithWebIdentity, as EKS and MinIO do it), or none.
/// </summary>
internal sealed class AwsIdentity(WebStorage web, Credentials credentials, TimeProvider time, S3Settings settings)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private AwsKeys? temporary;
    private DateTimeOffset expires;

    /// <summary>Null for anonymous access.</summary>
    public async Task<AwsKeys?> KeysAsync(CancellationToken cancellation)
    {
        if (settings.Anonymous)
            return null;
        var id = credentials.Get("AWS_ACCESS_KEY_ID");
        var secret = credentials.Get("AWS_SECRET_ACCESS_KEY");
        if ((id is null) != (secret is null))
        {
            throw new FailureException(
                TerminationReasons.InvalidOptions,
                $"The credentials have {(id is null ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID")} without {(id is null ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY")}; set both.");
        }
        if (id is not null)
            return new AwsKeys(id, secret!, credentials.Get("AWS_SESSION_TOKEN"));
        var role = credentials.Get("AWS_ROLE_ARN");
        var tokenFile = credentials.Get("AWS_WEB_IDENTITY_TOKEN_FILE");
        if (role is null || tokenFile is null)
            return null;
        if (temporary is null || time.GetUtcNow() > expires - Margin)
            await AssumeAsync(role, tokenFile, cancellation);
        return temporary;
    }

    private async Task AssumeAsync(string role, string tokenFile, CancellationToken cancellation)
    {
        if (!File.Exists(tokenFile))
            throw new FailureException(TerminationReasons.InvalidOptions, $"AWS_WEB_IDENTITY_TOKEN_FILE names {tokenFile}, which is not there.");
        var token = (await File.ReadAllTextAsync(tokenFile, cancellation)).Trim();
        var form = new Dictionary<string, string>
        {
            ["Action"] = "AssumeRoleWithWebIdentity",
            ["Version"] = "2011-06-15",
            ["RoleArn"] = role,
            ["RoleSessionName"] = credentials.Get("AWS_ROLE_SESSION_NAME") ?? "sluice-runtime",
            ["WebIdentityToken"] = token,
        };
        var endpoint = credentials.Get("AWS_ENDPOINT_URL_STS") ?? $"https://sts.{settings.Region}.amazonaws.com";
        var answer = await web.TextAsync(
            new WebRequest(new Uri(endpoint)) { Method = HttpMethod.Post, Content = () => new FormUrlEncodedContent(form), Explain = S3Source.Explain, BadRequestMeans = TerminationReasons.AccessDenied },
            cancellation);
        var given = XmlRecords.All(answer, "Credentials").FirstOrDefault();
        if (given?.GetValueOrDefault("AccessKeyId") is not { } id || given.GetValueOrDefault("SecretAccessKey") is not { } secret)
            throw new FailureException(TerminationReasons.AccessDenied, $"{endpoint} gave no keys for the role {role}.");
        temporary = new AwsKeys(id, secret, given.GetValueOrDefault("SessionToken"));
        expires = DateTimeOffset.TryParse(given.GetValueOrDefault("Expiration"), CultureInfo.InvariantCulture, out var until) ? until : time.GetUtcNow();
    }
}
