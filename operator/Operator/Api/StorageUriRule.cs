namespace Sluice.Operator.Api;

/// <summary>What an address must begin with, wherever a spec has one; a test holds it to what the runtime fetches.</summary>
internal static class StorageUriRule
{
    public const string Cel =
        "self.matches('^(file:///|pvc://[a-z0-9]|https?://|s3://|gs://|azure-blob://|wasbs://|abfss://|hf://|oci://|oci[+]native://|models:/|runs:/)')";

    public const string Message =
        "must begin with file:///, pvc://CLAIM/, https://, http://, s3://, gs://, azure-blob://, wasbs://, abfss://, hf://, oci://, oci+native://, models:/ or runs:/";
}
