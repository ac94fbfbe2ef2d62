using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sipstead.Testing.Phones;

/// <summary>The media of a phone: hears PCMU and key presses, and presses keys itself (RFC 3550, RFC 4733), without the server's own code.</summary>
public sealed class PhoneAudio : IAsyncDisposable
{
    private const int HeaderSize = 12;
    private const int Frame = 160; // 20 ms
    private const int FramesOfAPress = 5;
    private const string Keys = "0123456789*#ABCD";

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly StringBuilder _digits = new();
    private readonly HashSet<uint> _presses = [];
    private readonly Dictionary<byte, int> _samples = [];
    private readonly Task _hearing;
    private ushort _sequence;
    private uint _timestamp = Frame;
    private int _loudFrames;

    public PhoneAudio()
    {
        Port = FreePort.Take();
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _hearing = HearAsync();
    }

    public int Port { get; }

    /// <summary>Keys that the other end pressed, in order.</summary>
    public string Digits
    {
        get
        {
            lock (_lock) return _digits.ToString();
        }
    }

    /// <summary>Packets with more in them than silence.</summary>
    public int LoudFrames
    {
        get
        {
            lock (_lock) return _loudFrames;
        }
    }

    /// <summary>Packets whose samples are all this PCMU sample.</summary>
    public int FramesOf(byte sample)
    {
        lock (_lock) return _samples.GetValueOrDefault(sample);
    }

    /// <summary>Presses keys, 100 ms each with as long a pause.</summary>
    public async Task PressAsync(string digits, IPEndPoint party, byte payloadType)
    {
        ArgumentNullException.ThrowIfNull(digits);
        var packet = new byte[HeaderSize + 4];
        foreach (var digit in digits)
        {
            for (var i = 1; i <= FramesOfAPress + 2; i++) // the end is told three times
            {
                Write(packet, payloadType, isFirst: i == 1);
                packet[HeaderSize] = (byte)Keys.IndexOf(digit, StringComparison.Ordinal);
                packet[HeaderSize + 1] = (byte)((i >= FramesOfAPress ? 0x80 : 0) | 10);
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(HeaderSize + 2), (ushort)(Math.Min(i, FramesOfAPress) * Frame));
                await _socket.SendToAsync(packet, party, _stop.Token);
                await Task.Delay(20, _stop.Token);
            }

            _timestamp += Frame * FramesOfAPress * 2;
        }
    }

    /// <summary>Says one PCMU sample over and over, for so many frames of 20 ms.</summary>
    public async Task SayAsync(byte sample, int frames, IPEndPoint party)
    {
        var packet = new byte[HeaderSize + Frame];
        Array.Fill(packet, sample, HeaderSize, Frame);
        for (var i = 0; i < frames; i++)
        {
            Write(packet, payloadType: 0, isFirst: i == 0);
            await _socket.SendToAsync(packet, party, _stop.Token);
            _timestamp += Frame;
            await Task.Delay(20, _stop.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _hearing;
        _socket.Dispose();
        _stop.Dispose();
    }

    private void Write(Span<byte> packet, byte payloadType, bool isFirst)
    {
        packet[0] = 0x80;
        packet[1] = (byte)(payloadType | (isFirst ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], _sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], _timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], (uint)Port);
    }

    private async Task HearAsync()
    {
        var packet = new byte[2048];
        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(packet, _stop.Token);
                if (length > HeaderSize) Hear(packet.AsSpan(0, length));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The phone is put away.
        }
    }

    private void Hear(ReadOnlySpan<byte> packet)
    {
        var payload = packet[HeaderSize..];
        lock (_lock)
        {
            if ((packet[1] & 0x7F) == 0)
            {
                _loudFrames += IsLoud(payload) ? 1 : 0;
                if (!payload.ContainsAnyExcept(payload[0])) _samples[payload[0]] = _samples.GetValueOrDefault(payload[0]) + 1;
            }
            else if (_presses.Add(BinaryPrimitives.ReadUInt32BigEndian(packet[4..])) && payload[0] < Keys.Length) _digits.Append(Keys[payload[0]]);
        }
    }

    /// <summary>A sample of µ-law in one of its upper segments.</summary>
    private static bool IsLoud(ReadOnlySpan<byte> samples)
    {
        foreach (var sample in samples)
        {
            if (((~sample >> 4) & 7) >= 3) return true;
        }

        return false;
    }
}
