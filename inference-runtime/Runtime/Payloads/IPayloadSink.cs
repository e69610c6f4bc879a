namespace Sluice.Runtime.Payloads;

/// <summary>What came of an attempt to hand events over.</summary>
internal enum Delivery
{
    Done,

    /// <summary>It may work later.</summary>
    Failed,

    /// <summary>It will not work later either.</summary>
    Refused,
}

/// <summary>Takes events. Several threads hand some over at a time.</summary>
internal interface IPayloadSink : IAsyncDisposable
{
    /// <summary>Attempts that run at a time.</summary>
    int Senders { get; }

    /// <summary>Events that are handed over together when nothing else is set.</summary>
    int Together => 1;

    /// <summary>How long they may wait for each other when nothing else is set.</summary>
    TimeSpan Gathering => TimeSpan.Zero;

    Task<Delivery> SendAsync(IReadOnlyList<PayloadEvent> events, CancellationToken cancellation);
}
