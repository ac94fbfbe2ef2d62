using System.Collections.Concurrent;

namespace Sipstead.Sip.Transport;

/// <summary>Workers for the connections that have octets to read: as many as are busy at one time, kept for the next.</summary>
internal sealed class StreamWorkerPool(ISipReceiverFactory receivers, SipMetrics metrics)
{
    private readonly ConcurrentBag<StreamWorker> _idle = [];

    public StreamWorker Rent() => _idle.TryTake(out var worker) ? worker : new StreamWorker(receivers.Create(), metrics);

    public void Return(StreamWorker worker) => _idle.Add(worker);
}
