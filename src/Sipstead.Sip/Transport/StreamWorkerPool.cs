using System.Collections.Concurrent;
using Sipstead.Sip.Admission;

namespace Sipstead.Sip.Transport;

/// <summary>Workers for the connections that have octets to read: as many as are busy at one time, kept for the next.</summary>
internal sealed class StreamWorkerPool(ISipReceiverFactory receivers, SipMetrics metrics, SourceAdmission? admission = null)
{
    private readonly ConcurrentBag<StreamWorker> _idle = [];

    public StreamWorker Rent() => _idle.TryTake(out var worker) ? worker : new StreamWorker(receivers.Create(), metrics, admission);

    public void Return(StreamWorker worker) => _idle.Add(worker);
}
