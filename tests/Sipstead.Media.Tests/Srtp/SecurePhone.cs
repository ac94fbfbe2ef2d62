using System.Net;
using System.Text;
using Sipstead.Media.Rtp;
using Sipstead.Media.Sdp;
using Sipstead.Media.Srtp;
using Sipstead.Media.Tests.Rtp;
using Sipstead.Media.Tests.Sdp;

namespace Sipstead.Media.Tests.Srtp;

/// <summary>A party that speaks SRTP: the sockets of a <see cref="Rtp.Phone"/>, and keys.</summary>
internal sealed class SecurePhone : IDisposable
{
    private SrtpKey _key;
    private SrtpSender _sender;
    private SrtpReceiver? _receiver;

    public SecurePhone(SrtpSuite? suite = null)
    {
        _key = SrtpKey.Create(suite ?? SrtpSuite.AesCm128Sha80);
        _sender = new SrtpSender(_key);
    }

    public Phone Phone { get; } = new();

    /// <summary>Number of the next packet.</summary>
    public ushort Sequence { get; set; } = 100;

    /// <summary>What was wrong with packets that came.</summary>
    public List<PacketFate> Refused { get; } = [];

    /// <summary>Offers RTP/SAVP with a key, and takes the key of the answer.</summary>
    public void Call(MediaSession session, string attributes = "")
    {
        var offer = Encoding.ASCII.GetString(Phone.Offer(attributes)).Replace("RTP/AVP", "RTP/SAVP", StringComparison.Ordinal);
        var answer = session.Answer(Encoding.ASCII.GetBytes($"{offer}a={new CryptoAttribute(1, _key).Write().Name}:{new CryptoAttribute(1, _key).Write().Value}\r\n"));
        Assert.Null(answer.Refusal);
        var audio = SdpText.Parse(answer.Sdp).Media[0];
        Phone.Session = new IPEndPoint(IPAddress.Loopback, audio.Port);
        Hear(Assert.Single(CryptoAttribute.ReadAll(audio)).Key);
    }

    /// <summary>Takes the session's packets by its key from now on.</summary>
    public void Hear(SrtpKey key)
    {
        _receiver?.Dispose();
        _receiver = new SrtpReceiver(key);
    }

    /// <summary>Uses a new key from the next <see cref="Call"/> on; what is said goes out by the old one until <see cref="UseNewKey"/>.</summary>
    public void MakeKey() => _key = SrtpKey.Create(_key.Suite);

    public void UseNewKey()
    {
        _sender.Dispose();
        _sender = new SrtpSender(_key);
    }

    /// <summary>The next packet, protected.</summary>
    public byte[] Next(ReadOnlySpan<byte> codes, uint ssrc = 7)
    {
        var packet = _sender.Protect(Packets.Rtp(Sequence, (uint)(Sequence * 160), codes, ssrc: ssrc));
        Sequence++;
        return packet;
    }

    public byte[] NextReport(ReadOnlySpan<byte> compound) => _sender.ProtectRtcp(compound);

    public void Say(ReadOnlySpan<byte> codes) => Phone.Send(Next(codes));

    /// <summary>All packets that came and are authentic, in clear.</summary>
    public List<byte[]> Received() => Opened(Phone.Received(), isRtcp: false);

    public List<byte[]> ReceivedRtcp() => Opened(Phone.ReceivedRtcp(), isRtcp: true);

    public void Dispose()
    {
        Phone.Dispose();
        _sender.Dispose();
        _receiver?.Dispose();
    }

    private List<byte[]> Opened(List<byte[]> packets, bool isRtcp)
    {
        var opened = new List<byte[]>();
        foreach (var packet in packets)
        {
            var fate = isRtcp ? _receiver!.UnprotectRtcp(packet, out var length) : _receiver!.Unprotect(packet, out length);
            if (fate == PacketFate.Taken) opened.Add(packet[..length]);
            else Refused.Add(fate);
        }

        return opened;
    }
}
