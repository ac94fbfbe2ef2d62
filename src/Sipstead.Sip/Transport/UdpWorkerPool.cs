using System.Collections.Concurrent;
using Sipstead.Sip.Admission;

namespace Sipstead.Sip.Transport;

/// <summary>Workers shared by the ports that are received on the pool: as many as are busy at one time, kept for the next.</summary>
internal sealed class UdpWorkerPool(ISipReceiverFactory receivers, SipMetrics metrics, SourceAdmission admission)
{
    private readonly ConcurrentBag<UdpWorker> _idle = [];

    /// <summary>A worker for a loop that keeps it.</summary>
    public UdpWorker CreateOwn() => new(receivers.Create(), metrics, admission);

    public UdpWorker Rent() => _idle.TryTake(out var worker) ? worker : CreateOwn();

    public void Return(UdpWorker worker) => _idle.Add(worker);
}
