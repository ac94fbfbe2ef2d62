namespace Sipstead.RegisterLoad;

/// <summary>What messages travel on.</summary>
internal enum Transport
{
    Udp,
    Tcp,
    Tls,
}

/// <summary>Takes what the server sends.</summary>
internal interface IAnswers
{
    void Take(ReadOnlySpan<byte> message);
}

/// <summary>The sockets between devices and server; device i uses line i modulo their number.</summary>
internal interface ILines : IDisposable
{
    /// <summary>How many connections the server closed.</summary>
    int Closed { get; }

    /// <summary>Digits of the local port of the device's line.</summary>
    ReadOnlySpan<byte> PortOf(int device);

    /// <summary>Where the device's next message is to be written.</summary>
    Span<byte> RoomFor(int device);

    /// <summary>The message stands in the room and is to be sent, at the latest with <see cref="Flush"/>.</summary>
    void Send(int device, int length);

    void Flush();

    /// <summary>Hands over what has arrived; waits this many nanoseconds for the first of it.</summary>
    void Receive(IAnswers answers, long patience);
}
