using System.Text;
using CsCheck;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Tests.Fuzzing;
using Sipstead.Testing.Fuzzing;
using Xunit;

namespace Sipstead.Sip.Tests.Parsing;

public sealed class RegisterTextReaderTests
{
    private const string Credentials =
        "Authorization: Digest username=\"alice\", realm=\"example.com\", nonce=\"abc\", uri=\"sip:example.com\", algorithm=MD5, qop=auth, nc=00000001, "
        + "cnonce=\"c0ffee\", response=\"00112233445566778899aabbccddeeff\"\r\n";

    private readonly RegisterTextReader _reader = new(key: 42);

    [Fact]
    public void TryRead_TellsWhatDiffers()
    {
        Assert.True(TryRead(Text(), out var text));
        Assert.Equal("example.com", Encoding.ASCII.GetString(text.Host));
        Assert.Equal("z9hG4bK77", Encoding.ASCII.GetString(text.Via.Branch));
        Assert.Equal(7u, text.CSeq);
        Assert.Equal("alice", Encoding.ASCII.GetString(text.Credentials.UserName));
        Assert.Equal(1u, text.Credentials.NonceCount);
        Assert.Equal("<sip:alice@example.com>;tag=f1", Encoding.ASCII.GetString(text.Message.Value(HeaderId.From)));
        Assert.Equal("<sip:alice@example.com>", Encoding.ASCII.GetString(text.Message.Value(HeaderId.To)));
        Assert.Equal("x@192.0.2.10", Encoding.ASCII.GetString(text.Message.Value(HeaderId.CallId)));
        Assert.Equal("7 REGISTER", Encoding.ASCII.GetString(text.Message.Value(HeaderId.CSeq)));
        Assert.Equal("sip:example.com", Encoding.ASCII.GetString(text.Message.RequestUri));
        Assert.Equal(SipMethod.Register, text.Message.Method);
    }

    [Theory]
    [InlineData("branch=z9hG4bK77", "branch=z9hG4bK1234567890")]
    [InlineData("CSeq: 7 ", "CSeq: 4294967295 ")]
    [InlineData(";tag=f1", ";tag=other.tag")]
    [InlineData("nonce=\"abc\"", "nonce=\"defghi\"")]
    [InlineData("nc=00000001", "nc=000000ff")]
    [InlineData("0011223344", "aa11223344")]
    [InlineData("cnonce=\"c0ffee\"", "cnonce=\"x, response=\\\"\"")]
    public void Hash_IsTheSame_WhateverDiffersEachTime(string part, string other) => Assert.Equal(HashOf(Text()), HashOf(Changed(part, other)));

    [Theory]
    [InlineData("alice@192.0.2.10", "alice@192.0.2.11")]
    [InlineData("Expires: 300", "Expires: 301")]
    [InlineData("Expires: 300", "expires: 300")]
    [InlineData("x@192.0.2.10", "y@192.0.2.10")]
    [InlineData("To: <sip:alice", "To: <sip:alicf")]
    [InlineData("From: <sip:alice", "From: <sip:alicf")]
    [InlineData("rport;", "")]
    [InlineData("192.0.2.10:40000;", "192.0.2.10:40001;")]
    [InlineData("REGISTER sip:example.com", "REGISTER sip:example.org")]
    [InlineData("7 REGISTER", "7 REGISTEr")]
    [InlineData("User-Agent: phone\r\n", "User-Agent: phone\r\nPath: <sip:p;lr>\r\n")]
    public void Hash_IsAnother_WhenAnythingElseDiffers(string part, string other) => Assert.NotEqual(HashOf(Text()), HashOf(Changed(part, other)));

    [Fact]
    public void Hash_OfAnotherKey_IsAnother()
    {
        Assert.True(TryRead(Text(), out var text));
        var octets = Encoding.Latin1.GetBytes(Text());
        Assert.True(new RegisterTextReader(key: 43).TryRead(octets, 0, octets.Length, out var other));
        Assert.NotEqual(text.Hash, other.Hash);
    }

    [Fact]
    public void Hash_SeesEveryOctetThatIsNotLeftOut()
    {
        var octets = Encoding.Latin1.GetBytes(Text());
        var plain = HashOf(Text());
        var leftOut = new[] { "z9hG4bK77", "7 REG", "f1\r", Credentials }.Select(part =>
        {
            var start = Text().IndexOf(part, StringComparison.Ordinal);
            return (Start: start, End: start + (part is "7 REG" ? 1 : part.TrimEnd('\r').Length));
        }).ToList();
        for (var i = 0; i < octets.Length; i++)
        {
            if (leftOut.Exists(part => i >= part.Start && i < part.End)) continue;
            var changed = octets.ToArray();
            changed[i] ^= 1;
            if (_reader.TryRead(changed, 0, changed.Length, out var text)) Assert.True(plain != text.Hash, $"octet {i}, '{(char)octets[i]}'");
        }
    }

    [Theory]
    [InlineData("REGISTER sip:example.com", "OPTIONS sip:example.com")]
    [InlineData("REGISTER sip:", "register sip:")]
    [InlineData("REGISTER sip:", "REGISTER sips:")]
    [InlineData("SIP/2.0\r\nVia", "SIP/3.0\r\nVia")]
    [InlineData("Via: ", "v: ")]
    [InlineData("From: ", "From:")]
    [InlineData("From: ", "From:  ")]
    [InlineData("To: <sip:alice@example.com>", "To: <sip:alice@example.com> ")]
    [InlineData("To: <sip:alice@example.com>", "To: ")]
    [InlineData("CSeq: 7 REGISTER", "CSeq: 7 REGISTER\t")]
    [InlineData("branch=z9hG4bK77", "branch=z9hG4bK77;x ")]
    [InlineData("To: <sip:alice@example.com>", "To: <sip:alice@example.com>;tag=t")]
    [InlineData("Call-ID: ", "i: ")]
    [InlineData("Call-ID: ", "Call-ID: a\r\nCall-ID: ")]
    [InlineData("CSeq: 7", "CSeq: 4294967296")]
    [InlineData("CSeq: 7", "CSeq: x")]
    [InlineData("branch=z9hG4bK77", "branch=z9hG4bK")]
    [InlineData("branch=z9hG4bK77", "branch=\"z9hG4bK77\"")]
    [InlineData(";branch=z9hG4bK77", "")]
    [InlineData("branch=z9hG4bK77", "branch=z9hG4bK77, SIP/2.0/UDP b;branch=z9hG4bKb")]
    [InlineData(";tag=f1", ";tag=f1;x=y")]
    [InlineData("User-Agent: phone\r\n", "User-Agent: a\r\n b\r\n")]
    [InlineData("User-Agent: phone\r\n", "User-Agent: phone\n")]
    [InlineData(Credentials, Credentials + Credentials)]
    [InlineData("cnonce=\"c0ffee\", ", "")]
    [InlineData("0011223344", "xx11223344")]
    [InlineData("Content-Length: 0\r\n\r\n", "Content-Length: 0\r\n")]
    [InlineData("Content-Length: 0\r\n\r\n", "Content-Length: 1\r\n\r\nx")]
    [InlineData("User-Agent: phone\r\n", "\r\n")]
    public void TryRead_LeavesTheRestToTheParser(string part, string other) => Assert.False(TryRead(Changed(part, other), out _));

    [Theory]
    [InlineData("Via: ", "v: SIP/2.0/UDP 192.0.2.99;branch=z9hG4bKv\r\nVia: ")]
    [InlineData("Authorization: ", "authorization: Digest a=b\r\nAuthorization: ")]
    [InlineData("Authorization: ", "authorization: ")]
    public void TryRead_OfAMessage_SeesOtherSpellings(string part, string other)
    {
        var octets = Encoding.Latin1.GetBytes(Changed(part, other));
        var message = new SipMessage();
        Assert.True(SipParser.TryParseDatagram(octets, 0, octets.Length, message));
        Assert.True(_reader.TryRead(octets, 0, octets.Length, out _));
        Assert.False(_reader.TryRead(message, out _));
    }

    [Fact]
    public void TryRead_WithoutCredentials_IsAnotherText()
    {
        Assert.True(TryRead(Changed(Credentials, ""), out var text));
        Assert.False(text.HasCredentials);
        var hash = text.Hash;
        Assert.Equal(hash, HashOf(Changed(Credentials, "").Replace("z9hG4bK77", "z9hG4bK78", StringComparison.Ordinal)));
        Assert.True(TryRead(Text(), out text));
        Assert.True(text.HasCredentials);
        Assert.NotEqual(hash, text.Hash);
    }

    [Fact]
    public void TryRead_OfATabBehindTheNumber_LeavesOutTheNumber() =>
        Assert.Equal(HashOf(Changed("CSeq: 7 ", "CSeq: 7\t")), HashOf(Changed("CSeq: 7 ", "CSeq: 88\t")));

    [Fact]
    public void TryRead_OfABranchThatMakesTheLineTooLong_IsLeftToTheParser() =>
        Assert.False(TryRead(Changed("z9hG4bK77", "z9hG4bK" + new string('x', SipLimits.Line)), out _));

    [Fact]
    public void TryRead_OfAMessageWithProxies_LeavesOutEachBranch()
    {
        const string second = "Via: SIP/2.0/UDP 192.0.2.77;branch=z9hG4bKproxy\r\nMax-";
        var text = Changed("Max-", second);
        Assert.Equal(HashOf(text), HashOf(text.Replace("z9hG4bKproxy", "z9hG4bKp2", StringComparison.Ordinal)));
        Assert.NotEqual(HashOf(text), HashOf(text.Replace("192.0.2.77", "192.0.2.78", StringComparison.Ordinal)));
    }

    [Fact]
    public void FUZZ_03_RegisterText_WhatIsReadIsWhatTheParserReads()
    {
        byte[][] samples = [.. SipCorpus.All, Encoding.Latin1.GetBytes(Text())];
        FuzzRun.Over("register text", samples, 4_000, octets =>
        {
            var copy = octets.ToArray();
            if (!_reader.TryRead(copy, 0, copy.Length, out var text)) return;
            var message = new SipMessage();
            if (!SipParser.TryParseDatagram(copy, 0, copy.Length, message) || !SipRequest.TryRead(message, out var request, out _)) return;
            if (!_reader.TryRead(message, out text)) return;
            Assert.True(text.Via.Text.SequenceEqual(request.Via.Text));
            Assert.Equal(request.CSeq, text.CSeq);
            foreach (var id in (HeaderId[])[HeaderId.From, HeaderId.To, HeaderId.CallId, HeaderId.CSeq, HeaderId.Authorization])
                Assert.True(message.Value(id).SequenceEqual(text.Message.Value(id)), id.ToString());
        });
    }

    [Fact]
    public void TryRead_NeverThrows() => Gen.Byte.Array[0, 300].Sample(octets =>
    {
        byte[] all = [.. "REGISTER sip:x SIP/2.0\r\n"u8, .. octets, .. "\r\n\r\n"u8];
        _reader.TryRead(all, 0, all.Length, out _);
    });

    private static string Text() =>
        "REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10:40000;rport;branch=z9hG4bK77\r\nMax-Forwards: 70\r\n"
        + "From: <sip:alice@example.com>;tag=f1\r\nTo: <sip:alice@example.com>\r\nCall-ID: x@192.0.2.10\r\nCSeq: 7 REGISTER\r\n"
        + "Contact: <sip:alice@192.0.2.10:40000>\r\nExpires: 300\r\nUser-Agent: phone\r\n" + Credentials + "Content-Length: 0\r\n\r\n";

    private static string Changed(string part, string other)
    {
        Assert.Contains(part, Text(), StringComparison.Ordinal);
        var at = Text().IndexOf(part, StringComparison.Ordinal);
        return Text()[..at] + other + Text()[(at + part.Length)..];
    }

    private bool TryRead(string message, out RegisterText text)
    {
        var octets = Encoding.Latin1.GetBytes(message);
        return _reader.TryRead(octets, 0, octets.Length, out text);
    }

    private ulong HashOf(string message)
    {
        Assert.True(TryRead(message, out var text), message);
        return text.Hash;
    }
}
