using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.S3;

/// <summary>
/// Who asks: static keys, or temporary ones that AWS STS gives for the pod's service account token, or nobody. Made here rather than
/// by the library's own search, which would also look into files and ask the node.
/// </summary>
internal static class AwsIdentity
{
    public static AWSCredentials From(Credentials credentials, S3Settings settings, WebStorage web)
    {
        if (settings.Anonymous)
            return new AnonymousAWSCredentials();
        var id = credentials.Get("AWS_ACCESS_KEY_ID");
        var secret = credentials.Get("AWS_SECRET_ACCESS_KEY");
        if ((id is null) != (secret is null))
        {
            throw new FailureException(
                TerminationReasons.InvalidOptions,
                $"The credentials have {(id is null ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID")} without {(id is null ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY")}; set both.");
        }
        if (id is not null)
            return credentials.Get("AWS_SESSION_TOKEN") is { } token ? new SessionAWSCredentials(id, secret, token) : new BasicAWSCredentials(id, secret);
        var role = credentials.Get("AWS_ROLE_ARN");
        var tokenFile = credentials.Get("AWS_WEB_IDENTITY_TOKEN_FILE");
        if (role is null || tokenFile is null)
            return new AnonymousAWSCredentials();
        if (!File.Exists(tokenFile))
            throw new FailureException(TerminationReasons.InvalidOptions, $"AWS_WEB_IDENTITY_TOKEN_FILE names {tokenFile}, which is not there.");
        var endpoint = new Uri(credentials.Get("AWS_ENDPOINT_URL_STS") ?? $"https://sts.{settings.Region}.amazonaws.com");
        return new WebIdentity(web, endpoint, settings.Region, role, tokenFile, credentials.Get("AWS_ROLE_SESSION_NAME") ?? "sluice-runtime");
    }

    /// <summary>Asks again before the keys end. The token's file is read each time: the kubelet renews it.</summary>
    private sealed class WebIdentity : RefreshingAWSCredentials
    {
        private readonly WebStorage web;
        private readonly Uri endpoint;
        private readonly string tokenFile;
        private readonly AssumeRoleWithWebIdentityRequest request;
        private readonly AmazonSecurityTokenServiceClient client;

        public WebIdentity(WebStorage web, Uri endpoint, string region, string role, string tokenFile, string session)
        {
            PreemptExpiryTime = TimeSpan.FromMinutes(5);
            (this.web, this.endpoint, this.tokenFile) = (web, endpoint, tokenFile);
            request = new AssumeRoleWithWebIdentityRequest { RoleArn = role, RoleSessionName = session };
            client = new AmazonSecurityTokenServiceClient(
                new AnonymousAWSCredentials(), new AwsTransport(web).Configure(new AmazonSecurityTokenServiceConfig(), endpoint, region));
        }

        protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
        {
            request.WebIdentityToken = (await File.ReadAllTextAsync(tokenFile)).Trim();
            var given = await AwsCalls.RunAsync(
                web, request.RoleArn, endpoint, c => client.AssumeRoleWithWebIdentityAsync(request, c), TerminationReasons.AccessDenied, CancellationToken.None);
            return given.Credentials is { AccessKeyId: not null } keys
                ? new CredentialsRefreshState(await keys.GetCredentialsAsync(), keys.Expiration ?? DateTime.MaxValue)
                : throw new FailureException(TerminationReasons.AccessDenied, $"{endpoint} gave no keys for the role {request.RoleArn}.");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                client.Dispose();
            base.Dispose(disposing);
        }
    }
}
