using Microsoft.AspNetCore.Http;

namespace Sluice.Runtime.Tests.Storage.Spoken;

public sealed class SpokenHttp : SpokenScheme
{
    public override bool HasFolders => false;

    public override string AddressOf(Uri server, string path) => new Uri(server, "/files/" + path).ToString();

    public override bool IsContent(HttpContext context) => !context.Request.Path.Value!.EndsWith(".sha256", StringComparison.Ordinal);

    public override Task AnswerAsync(HttpContext context) => SendAsync(context, context.Request.Path.Value!["/files/".Length..]);
}
