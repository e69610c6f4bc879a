using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.GoogleCloud;

/// <summary>
/// A service account's key as Google hands it out, and the assertion that it signs to get a token
/// (developers.google.com/identity/protocols/oauth2/service-account).
/// </summary>
internal sealed record GoogleIdentity(string Account, string KeyId, string PrivateKey, Uri TokenUri)
{
    private const string Scope = "https://www.googleapis.com/auth/devstorage.read_only";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>KServe's name, then any file that Google's own libraries would read; null for anonymous access.</summary>
    public static GoogleIdentity? From(Credentials credentials)
    {
        const string name = "gcloud-application-credentials.json";
        if (credentials.File(name) is { } json)
            return Parse(json, $"The credentials' key {name}");
        if (credentials.Get("GOOGLE_APPLICATION_CREDENTIALS") is not { } path)
            return null;
        return File.Exists(path)
            ? Parse(File.ReadAllText(path), path)
            : throw new FailureException(TerminationReasons.InvalidOptions, $"GOOGLE_APPLICATION_CREDENTIALS names {path}, which is not there.");
    }

    /// <summary>Asks the token endpoint for a token that may read.</summary>
    public WebRequest TokenRequest(DateTimeOffset now)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
            ["assertion"] = Assertion(now),
        };
        return new WebRequest(TokenUri)
        {
            Method = HttpMethod.Post,
            Content = () => new FormUrlEncodedContent(form),
            Explain = static (_, body) => JsonAnswer.TextOf(body, "error_description") ?? JsonAnswer.TextOf(body, "error"),
        };
    }

    /// <summary>A JWT signed with RS256.</summary>
    public string Assertion(DateTimeOffset now)
    {
        var header = new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = KeyId };
        var claims = new JsonObject
        {
            ["iss"] = Account,
            ["scope"] = Scope,
            ["aud"] = TokenUri.ToString(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
        };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(PrivateKey);
            return $"{signed}.{Base64Url.EncodeToString(rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new FailureException(TerminationReasons.InvalidOptions, $"The private_key of {Account} is no RSA key in PEM: {e.Message}");
        }
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static GoogleIdentity Parse(string json, string where)
    {
        var type = JsonAnswer.TextOf(json, "type");
        if (type != "service_account")
        {
            throw new FailureException(
                TerminationReasons.InvalidOptions,
                $"{where} is {(type is null ? "no JSON key" : $"of the type {type}")}; create a key of a service account (type service_account) and use that.");
        }
        return JsonAnswer.TextOf(json, "client_email") is { } account
            && JsonAnswer.TextOf(json, "private_key") is { } key
            && Uri.TryCreate(JsonAnswer.TextOf(json, "token_uri") ?? "https://oauth2.googleapis.com/token", UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            ? new GoogleIdentity(account, JsonAnswer.TextOf(json, "private_key_id") ?? "", key, uri)
            : throw new FailureException(TerminationReasons.InvalidOptions, $"{where} lacks client_email or private_key, or its token_uri is no address.");
    }
}
