using Amazon;
using Amazon.Runtime;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.S3;

/// <summary>Lets AWS's library use this program's connections, authorities, waits and retries instead of its own.</summary>
internal sealed class AwsTransport(WebStorage web) : HttpClientFactory
{
    /// <param name="config">Of any service.</param>
    /// <param name="endpoint">Null for AWS's own.</param>
    /// <param name="region">That is signed for.</param>
    public T Configure<T>(T config, Uri? endpoint, string region) where T : ClientConfig
    {
        config.HttpClientFactory = this;
        config.MaxErrorRetry = 0;
        config.Timeout = Timeout.InfiniteTimeSpan;
        // Nothing from files or from the node: what counts is in the Secret.
        config.DefaultConfigurationMode = DefaultConfigurationMode.Standard;
        config.IgnoreConfiguredEndpointUrls = true;
        if (endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }
        else
        {
            config.ServiceURL = endpoint.ToString().TrimEnd('/');
            config.AuthenticationRegion = region;
        }
        return config;
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => web.Client();

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
}
