using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sipstead.Media.Audio;
using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;

namespace Sipstead.Voice.Tests.Harness;

/// <summary>The media of a phone: says a tone, a frame at a time, and keeps what it hears. PCMU on a socket of loopback.</summary>
internal sealed class TalkingParty : IDisposable
{
    private readonly Socket _rtp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _buffer = new byte[2048];
    private readonly List<short> _heard = [];
    private EndPoint _session = new IPEndPoint(IPAddress.Loopback, 0);
    private ushort _sequence;
    private int _at;

    public TalkingParty() => _rtp.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>What it says, in hertz; 0 for silence.</summary>
    public int Frequency { get; set; }

    public string Sdp => ScriptedPhone.Sdp(((IPEndPoint)_rtp.LocalEndPoint!).Port);

    /// <summary>Takes the server's description.</summary>
    public void Aim(string sdp)
    {
        var line = sdp.Split("m=audio ")[1];
        _session = new IPEndPoint(IPAddress.Loopback, int.Parse(line[..line.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture));
    }

    public void Say()
    {
        var packet = new byte[RtpPacket.HeaderSize + AudioFormat.FrameSamples];
        RtpPacket.WriteHeader(packet, 0, _sequence == 0, _sequence, (uint)(_sequence * AudioFormat.FrameSamples), (uint)GetHashCode());
        for (var i = RtpPacket.HeaderSize; i < packet.Length; i++, _at++)
            packet[i] = G711.EncodeMuLaw((short)(Frequency == 0 ? 0 : 6_000 * Math.Sin(2 * Math.PI * Frequency * _at / AudioFormat.SampleRate)));
        _sequence++;
        _rtp.SendTo(packet, _session);
    }

    /// <summary>Takes all that has come.</summary>
    public void Hear()
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

    public void Forget() => _heard.Clear();

    /// <summary>How loud a tone is in what was heard, 1 for as loud as a party says it.</summary>
    public double Level(int frequency)
    {
        var (sine, cosine) = (0.0, 0.0);
        for (var i = 0; i < _heard.Count; i++)
        {
            var (s, c) = Math.SinCos(2 * Math.PI * frequency * i / AudioFormat.SampleRate);
            sine += _heard[i] * s;
            cosine += _heard[i] * c;
        }

        return 2 * Math.Sqrt((sine * sine) + (cosine * cosine)) / Math.Max(1, _heard.Count) / 6_000;
    }

    public void Dispose() => _rtp.Dispose();
}
