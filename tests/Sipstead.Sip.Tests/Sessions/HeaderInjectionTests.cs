using CsCheck;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Sessions;

/// <summary>Texts that come from the API or another peer never end a header line of ours, whatever they hold (docs/security.md).</summary>
public sealed class HeaderInjectionTests
{
    private static readonly string[] Known =
    [
        "Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq", "Contact", "Allow", "Supported", "Session-Expires", "Min-SE", "Subject", "Content-Type",
        "Content-Length", "Reason", "Warning", "Route", "Record-Route", "Timestamp", "Require", "RSeq", "RAck",
    ];

    private static readonly string[] Pieces =
        ["\r\n", "\n", "\r", "\0", "\u0085", "\u2028", "%0d%0a", "X-Evil: 1", "\r\n\r\n", "<", ">", "\"", "x", " ", ";"];

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String, Gen.Int[0, Pieces.Length - 1].Array[1, 12].Select(parts => string.Concat(parts.Select(part => Pieces[part]))));

    [Fact]
    public void S_32_TextsOfAnInvite_MakeNoHeader() => Gen.Select(Text, Gen.Int[0, 7]).Sample((text, field) =>
    {
        using var harness = new SessionHarness();
        var invite = SessionHarness.Invite();
        harness.Call(invite: field switch
        {
            0 => invite with { RequestUri = invite.RequestUri + text },
            1 => invite with { From = $"\"{text}\" <sip:a@h>" },
            2 => invite with { From = text },
            3 => invite with { To = text },
            4 => invite with { Headers = [("Subject", text)] },
            5 => invite with { CallId = text },
            6 => invite with { ContactUser = text },
            _ => invite with { LocalHost = text },
        });

        foreach (var message in harness.Flows.Messages) AssertClean(message);
    });

    [Fact]
    public void S_32_TextsOfRefusalsAndReasons_MakeNoHeader() => Text.Sample(text =>
    {
        using var harness = new SessionHarness();
        harness.TakeCall().Reject(488, text, [("Warning", text)]);
        var outbound = harness.EstablishOutbound();
        outbound.Info(text, "body"u8.ToArray());
        harness.Receive(harness.CalleeRequest("UPDATE", 2, body: "offer"));
        outbound.RejectOffer(488, text);
        outbound.Bye(text);
        harness.Call().Cancel(text);
        harness.Receive(harness.Flows.Last("INVITE").Answer(180, "t"));
        foreach (var message in harness.Flows.Messages) AssertClean(message);
        Assert.Equal(1, harness.Flows.Count("CANCEL"));
        Assert.Equal(1, harness.Flows.Count("BYE"));
    });

    [Fact]
    public void S_32_WhatAPeerSends_IsCopiedWithoutABreak() => Text.Sample(text =>
    {
        using var harness = new SessionHarness();
        var octets = text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
        harness.Receive(SessionHarness.PeerInvite($"Record-Route: <sip:p.example;lr;x={octets}>\r\nTimestamp: {octets}\r\n"));
        foreach (var session in harness.Inbound) session.Answer("answer"u8.ToArray());
        foreach (var message in harness.Flows.Messages) AssertClean(message);
    });

    private static void AssertClean(MessageText message)
    {
        var head = message.Text[..message.Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        foreach (var line in head.Split("\r\n").Skip(1))
        {
            var name = line.Split(':')[0];
            Assert.True(Known.Contains(name), message.Text);
            Assert.False(line.AsSpan().ContainsAny('\r', '\n', '\0'), message.Text);
        }

        Assert.Equal(int.Parse(message.One("Content-Length"), System.Globalization.CultureInfo.InvariantCulture), message.Body.Length);
    }
}
