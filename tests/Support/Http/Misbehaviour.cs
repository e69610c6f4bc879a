using System.Text;
using Microsoft.AspNetCore.Http;

namespace Sluice.Support.Http;

/// <summary>Things that servers and networks do.</summary>
public static class Misbehaviour
{
    /// <summary>Sends bytes now, not when the answer is complete.</summary>
    public static async Task SendNowAsync(this HttpContext context, string text)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>Says nothing until one side goes away.</summary>
    public static async Task HangAsync(this HttpContext context, CancellationToken closing)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, closing);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token);
    }

    /// <summary>Cuts the connection in the middle of whatever was being said.</summary>
    public static Task DropAsync(this HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
