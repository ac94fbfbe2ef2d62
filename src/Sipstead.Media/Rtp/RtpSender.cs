using System.Buffers.Binary;
using System.Security.Cryptography;
using Sipstead.Media.Audio;
using Sipstead.Media.Codecs;
using Sipstead.Media.Sdp;

namespace Sipstead.Media.Rtp;

/// <summary>Where packets go.</summary>
internal interface IPacketOutput
{
    void Send(ReadOnlySpan<byte> packet);
}

/// <summary>
/// Makes packets of audio frames and events: one source with random beginnings of sequence and timestamp (RFC 3550 5.1), a timestamp that runs with the
/// media clock whether something is sent or not, and the marker where talk starts.
/// </summary>
internal sealed class RtpSender(IPacketOutput output) : IDisposable
{
    /// <summary>Samples of the longest packet: 60 ms.</summary>
    private const int MaxPacketSamples = 480;

    /// <summary>Octets of the longest packet: no codec needs more than one for each sample.</summary>
    public const int MaxPacket = RtpPacket.HeaderSize + MaxPacketSamples;

    /// <summary>
    /// Sequence numbers begin in the lower half: a party that misses the first encrypted packets would not know whether they have begun anew meanwhile
    /// (RFC 4568 6.4).
    /// </summary>
    private const int FirstSequences = 1 << 15;

    private readonly byte[] _packet = new byte[MaxPacket];
    private readonly byte[] _eventPacket = new byte[RtpPacket.HeaderSize + TelephoneEvent.Size];
    private ushort _sequence = (ushort)RandomNumberGenerator.GetInt32(FirstSequences);

    /// <summary>Samples of the packet that is being filled.</summary>
    private readonly short[] _samples = new short[MaxPacketSamples];
    private int _filled;

    /// <summary>What the encoder was made for.</summary>
    private CodecFormat _format;
    private IPayloadEncoder? _encoder;

    /// <summary>Units of the clock for each sample.</summary>
    private int _step = 1;
    private bool _isTalkStart = true;

    public uint Ssrc { get; } = RandomBits();

    /// <summary>Timestamp of the next sample.</summary>
    public uint Timestamp { get; private set; } = RandomBits();

    public long Packets { get; private set; }

    /// <summary>Octets of payload.</summary>
    public long Octets { get; private set; }

    /// <summary>The time that so many units of the clock are.</summary>
    public TimeSpan ClockTime(uint units) => TimeSpan.FromSeconds((double)units / (AudioFormat.SampleRate * _step));

    /// <summary>Sends audio; a packet leaves whenever it is full.</summary>
    public void Send(ReadOnlySpan<short> frame, NegotiatedMedia media)
    {
        if (media.Format != _format) Change(media.Format);
        while (!frame.IsEmpty)
        {
            var count = Math.Min(frame.Length, media.PacketSamples - _filled);
            frame[..count].CopyTo(_samples.AsSpan(_filled));
            frame = frame[count..];
            _filled += count;
            Timestamp += (uint)(count * _step);
            if (_filled == media.PacketSamples) SendFilled();
        }
    }

    /// <summary>Sends one packet of an event. Event time does not advance the clock: <see cref="Pause"/> does.</summary>
    public void Send(TelephoneEvent sent, uint timestamp, bool marker, byte payloadType)
    {
        RtpPacket.WriteHeader(_eventPacket, payloadType, marker, _sequence++, timestamp, Ssrc);
        sent.Write(_eventPacket.AsSpan(RtpPacket.HeaderSize));
        Emit(_eventPacket, TelephoneEvent.Size);
    }

    /// <summary>Lets time pass without audio.</summary>
    public void Pause(int frames = 1)
    {
        Timestamp += (uint)(frames * AudioFormat.FrameSamples * _step);
        Restart();
    }

    /// <summary>Drops what waits for its packet, because what was agreed on changes.</summary>
    public void Restart()
    {
        _filled = 0;
        _isTalkStart = true;
    }

    public void Dispose() => _encoder?.Dispose();

    /// <summary>Takes another codec, or what the party wants of it now. Its timestamps go on in units of the new clock.</summary>
    private void Change(CodecFormat format)
    {
        if (_encoder is null || format.Codec != _format.Codec || format.Parameters != _format.Parameters)
        {
            _encoder?.Dispose();
            _encoder = format.Codec.CreateEncoder(format.Parameters);
        }

        _format = format;
        _step = format.Codec.ClockStep;
        Restart();
    }

    private void SendFilled()
    {
        var length = _encoder!.Encode(_samples.AsSpan(0, _filled), _packet.AsSpan(RtpPacket.HeaderSize));
        RtpPacket.WriteHeader(_packet, _format.Payload, _isTalkStart, _sequence, Timestamp - (uint)(_filled * _step), Ssrc);
        _filled = 0;
        if (length == 0) return;
        _sequence++;
        Emit(_packet.AsSpan(0, RtpPacket.HeaderSize + length), length);
        _isTalkStart = false;
    }

    private void Emit(ReadOnlySpan<byte> packet, int payload)
    {
        Packets++;
        Octets += payload;
        output.Send(packet);
    }

    private static uint RandomBits()
    {
        Span<byte> octets = stackalloc byte[sizeof(uint)];
        RandomNumberGenerator.Fill(octets);
        return BinaryPrimitives.ReadUInt32BigEndian(octets);
    }
}
