using System.Security;
using Microsoft.AspNetCore.Http;

namespace Sluice.Runtime.Tests.Storage.Spoken;

/// <summary>docs.aws.amazon.com/AmazonS3/latest/API: GetObject, HeadObject, ListObjectsV2.</summary>
public sealed class SpokenS3 : SpokenScheme
{
    public override string AddressOf(Uri server, string path) => $"s3://models/{path}";

    public override void Prepare(StorageFixture storage, Uri server) => storage.Variables["AWS_ENDPOINT_URL"] = server.ToString();

    public override bool IsContent(HttpContext context) => HttpMethods.IsGet(context.Request.Method)
        && !context.Request.Query.ContainsKey("list-type") && !context.Request.Path.Value!.EndsWith(".sha256", StringComparison.Ordinal);

    public override Task AnswerAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (!query.ContainsKey("list-type"))
            return SendAsync(context, context.Request.Path.Value!["/models/".Length..]);
        var (keys, next) = Page(query["prefix"].ToString(), query["continuation-token"]);
        var contents = string.Concat(keys.Select(k => $"<Contents><Key>{SecurityElement.Escape(k)}</Key><Size>{Files[k].Length}</Size></Contents>"));
        return context.Response.WriteAsync(
            $"<ListBucketResult>{contents}{(next is null ? "" : $"<NextContinuationToken>{next}</NextContinuationToken>")}</ListBucketResult>");
    }
}
