using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Verbs that use media, with the media clock running and RTP on loopback.</summary>
public sealed class CallAudioTests : VoiceTest
{
    private readonly UdpClient _rtp = new(new IPEndPoint(IPAddress.Loopback, 0));
    private ScriptedPhone _alice = null!;
    private ushort _sequence;
    private uint _timestamp;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Voice.Media.Start();
        _alice = Voice.AddPhone();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _rtp.Dispose();
    }

    [Fact]
    public async Task Speak_IsHeardAndThenTheCallGoesOn()
    {
        Voice.Catcher.AnswerBxml("/after", "<Response/>");
        await EstablishAsync("<Response><SpeakSentence>Hello</SpeakSentence><Redirect redirectUrl=\"/after\"/></Response>");

        var packet = (await _rtp.ReceiveAsync(Cancel)).Buffer;
        Assert.Equal((0x80, 0), (packet[0], packet[1] & 0x7F)); // version 2, PCMU
        await Voice.ExpectAsync("redirect");
        Assert.Equal("hangup", (await Voice.ExpectAsync("disconnect"))["cause"]);
    }

    [Fact]
    public async Task HungUpWhileItSpeaks_EndsAtOnceAndSendsNoMore()
    {
        SpeakForLong();
        var (call, invite) = await EstablishAsync("<Response><SpeakSentence>Hello</SpeakSentence><Redirect redirectUrl=\"/never\"/></Response>");
        await _rtp.ReceiveAsync(Cancel);

        _alice.SendInDialog(invite, "BYE");

        await Voice.ExpectAsync("disconnect");
        await Voice.UntilNoMediaAsync();
        await NoWebhookAsync("redirect", call);
    }

    [Fact]
    public async Task Gather_TellsTheDigitsThatWerePressed()
    {
        var (_, invite) = await EstablishAsync(
            "<Response><Gather gatherUrl=\"/digits\" maxDigits=\"2\" firstDigitTimeout=\"60\" interDigitTimeout=\"60\"/></Response>");

        await PressAsync(invite.Body, 4);
        await PressAsync(invite.Body, 2);

        var gather = await Voice.ExpectAsync("gather");
        Assert.Equal(("42", ""), (gather["digits"], gather["terminatingDigit"]));
    }

    [Fact]
    public async Task Gather_PressDuringThePrompt_StopsIt()
    {
        SpeakForLong();
        var (_, invite) = await EstablishAsync(
            "<Response><Gather gatherUrl=\"/digits\" terminatingDigits=\"#\"><SpeakSentence>Long</SpeakSentence></Gather></Response>");
        await _rtp.ReceiveAsync(Cancel);

        await PressAsync(invite.Body, 7);
        await PressAsync(invite.Body, 11);

        var gather = await Voice.ExpectAsync("gather");
        Assert.Equal(("7", "#"), (gather["digits"], gather["terminatingDigit"]));
    }

    /// <summary>Whatever is spoken takes ten minutes.</summary>
    private void SpeakForLong() =>
        Voice.Speech.Speak = (_, _) => new(new Media.Audio.AudioResult(new Media.Audio.AudioClip(new short[8000 * 600]), null));

    private Task<(OutboundCall Call, Sipstead.Testing.Sip.MessageText Invite)> EstablishAsync(string bxml) =>
        Voice.EstablishAsync(_alice, bxml, sdp: ScriptedPhone.Sdp(((IPEndPoint)_rtp.Client.LocalEndPoint!).Port));

    /// <summary>Presses a key: the begin, and three times the end (RFC 4733 2.5).</summary>
    private async Task PressAsync(string offer, byte digit)
    {
        var line = offer.Split("m=audio ")[1];
        var port = int.Parse(line[..line.IndexOf(' ', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
        _timestamp += 1600;
        for (var i = 0; i < 4; i++)
        {
            var packet = new byte[16];
            packet[0] = 0x80;
            packet[1] = (byte)(101 | (i == 0 ? 0x80 : 0));
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), ++_sequence);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), _timestamp);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), 0xA11CE);
            packet[12] = digit;
            packet[13] = (byte)(10 | (i == 0 ? 0 : 0x80));
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(14), (ushort)(160 * (i + 1)));
            await _rtp.SendAsync(packet, new IPEndPoint(IPAddress.Loopback, port), Cancel);
            await Task.Delay(20, Cancel);
        }
    }
}
