namespace Sipstead.Sip.Transport;

/// <summary>
/// When a receiving thread lets a batch fill before it looks again, as network cards moderate their interrupts. A thread that is woken for each datagram pays
/// two switches of its core and two system calls for one answer, so under load, while batches are small, it rests for a moment between them. Below
/// <see cref="BusyRate"/> nothing waits. Belongs to one receiving loop.
/// </summary>
internal sealed class ReceiveModeration
{
    /// <summary>Datagrams a second from which on a rest is worth its wait.</summary>
    public const int BusyRate = 10_000;

    /// <summary>A batch of so many is full enough.</summary>
    public const int FullEnough = DatagramBatch.Capacity / 2;

    /// <summary>How long to rest. The kernel adds its timer slack, 50 microseconds unless set otherwise.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMicroseconds(150);

    private readonly TimeProvider _time;
    private readonly long _ticksPerDatagram;
    private long _lastBatch;

    public ReceiveModeration(TimeProvider time)
    {
        _time = time;
        _ticksPerDatagram = time.TimestampFrequency / BusyRate;
        _lastBatch = time.GetTimestamp();
    }

    /// <summary>Notes a batch that has been answered. True when the thread is to rest before the next one.</summary>
    /// <param name="datagrams">How many it had; none or fewer when nothing was received.</param>
    public bool ShouldRest(int datagrams)
    {
        var now = _time.GetTimestamp();
        var elapsed = now - _lastBatch;
        _lastBatch = now;
        return datagrams < FullEnough && elapsed < datagrams * _ticksPerDatagram;
    }
}
