using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;
using Sipstead.Testing;

namespace Sipstead.Voice.Tests.Harness;

/// <summary>The media of a phone: says a tone, presses keys, and keeps what it hears. PCMU on a socket of loopback.</summary>
internal sealed class TalkingParty : IDisposable
{
    private const double Amplitude = 6_000;
    private const byte KeyType = 101;

    private readonly Socket _rtp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _quiet = new();
    private readonly byte[] _buffer = new byte[2048];
    private readonly List<short> _heard = [];
    private EndPoint _session = new IPEndPoint(IPAddress.Loopback, 0);
    private ushort _sequence;
    private uint _timestamp;
    private bool _wasQuiet = true;
    private int _at;

    public TalkingParty() => _rtp.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>What it says, in hertz; 0 for silence, null to send nothing at all.</summary>
    public int? Frequency { get; set; } = 0;

    public string Sdp => ScriptedPhone.Sdp(((IPEndPoint)_rtp.LocalEndPoint!).Port);

    /// <summary>Whether anything came.</summary>
    public bool WasSentTo => _heard.Count > 0;

    /// <summary>All talk for some frames of a clock that is beaten by hand; only what is heard in the second half counts.</summary>
    public static void Talk(MediaEngine media, IReadOnlyList<TalkingParty> parties, int frames = 100)
    {
        for (var i = 0; i < frames; i++)
        {
            foreach (var party in parties)
            {
                if (i == frames / 2) party._heard.Clear();
                party.Say();
            }

            media.Tick(skipped: 0);
            foreach (var party in parties) party.Hear();
        }
    }

    /// <summary>Takes the server's description.</summary>
    public void Aim(string sdp)
    {
        var line = sdp.Split("m=audio ")[1];
        _session = new IPEndPoint(IPAddress.Loopback, int.Parse(line[..line.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture));
    }

    /// <summary>Says a tone until disposed, 50 packets a second.</summary>
    public async Task SayAsync(int frequency)
    {
        Frequency = frequency;
        using var ticks = new PeriodicTimer(AudioFormat.FrameDuration);
        try
        {
            while (await ticks.WaitForNextTickAsync(_quiet.Token)) Say();
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    /// <summary>Presses a key: the begin, and three times the end (RFC 4733 2.5).</summary>
    public async Task PressAsync(byte digit)
    {
        _timestamp += 1600;
        for (var i = 0; i < 4; i++)
        {
            var packet = new byte[RtpPacket.HeaderSize + 4];
            RtpPacket.WriteHeader(packet, KeyType, i == 0, _sequence++, _timestamp, (uint)GetHashCode());
            packet[RtpPacket.HeaderSize] = digit;
            packet[RtpPacket.HeaderSize + 1] = (byte)(10 | (i == 0 ? 0 : 0x80));
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(RtpPacket.HeaderSize + 2), (ushort)(160 * (i + 1)));
            _rtp.SendTo(packet, _session);
            await Task.Delay(20, _quiet.Token);
        }
    }

    /// <summary>Whether it hears a tone; fails for one that is neither as loud as a party says it nor absent.</summary>
    public bool Hears(int frequency)
    {
        var level = _heard.Count == 0 ? 0 : Loudness.Amplitude([.. _heard], frequency) / Amplitude;
        Assert.True(level is < 0.05 or > 0.8 and < 1.2, $"{frequency} Hz has the level {level}");
        return level > 0.5;
    }

    public void Dispose()
    {
        _quiet.Cancel();
        _quiet.Dispose();
        _rtp.Dispose();
    }

    private void Say()
    {
        if (Frequency is { } frequency)
        {
            var packet = new byte[RtpPacket.HeaderSize + AudioFormat.FrameSamples];
            RtpPacket.WriteHeader(packet, 0, _wasQuiet, _sequence++, _timestamp, (uint)GetHashCode());
            for (var i = RtpPacket.HeaderSize; i < packet.Length; i++, _at++)
                packet[i] = G711.EncodeMuLaw((short)(Amplitude * Math.Sin(2 * Math.PI * frequency * _at / AudioFormat.SampleRate)));
            _rtp.SendTo(packet, _session);
        }

        _wasQuiet = Frequency is null;
        _timestamp += AudioFormat.FrameSamples;
    }

    /// <summary>Takes all that has come.</summary>
    private void Hear()
    {
        var frame = new short[AudioFormat.FrameSamples];
        while (_rtp.Available > 0)
        {
            var length = _rtp.Receive(_buffer);
            if (length != RtpPacket.HeaderSize + frame.Length) continue;
            G711.DecodeMuLaw(_buffer.AsSpan(RtpPacket.HeaderSize, frame.Length), frame);
            _heard.AddRange(frame);
        }
    }
}
