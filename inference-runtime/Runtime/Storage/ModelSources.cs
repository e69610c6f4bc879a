using Sluice.Runtime.Storage.Azure;
using Sluice.Runtime.Storage.GoogleCloud;
using Sluice.Runtime.Storage.Http;
using Sluice.Runtime.Storage.HuggingFace;
using Sluice.Runtime.Storage.Mlflow;
using Sluice.Runtime.Storage.Oci;
using Sluice.Runtime.Storage.S3;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage;

/// <summary>Every way to reach models: a new one is added here and to <see cref="Contract.StorageSchemes"/>.</summary>
internal static class ModelSources
{
    public static IReadOnlyList<IModelSource> All(IReadOnlyList<IModelSource> local, WebStorage web, Credentials credentials, TimeProvider time)
    {
        IModelSource[] remote =
        [
            new AzureSource(web, credentials, time),
            new HttpSource(web, credentials),
            new S3Source(web, credentials),
            new GoogleCloudSource(web, credentials, time),
            new HuggingFaceSource(web, credentials),
            new OciSource(web, credentials, time),
        ];
        return [.. local, .. remote, new MlflowSource(web, credentials, remote)];
    }
}
