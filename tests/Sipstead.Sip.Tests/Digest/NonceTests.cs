using System.Text;
using Sipstead.Sip.Digest;
using Sipstead.Sip.Writing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Digest;

public sealed class NonceTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, NonceFactory.KeyLength).Select(i => (byte)i)];
    private readonly NonceFactory _factory = new(Key, 1000);

    [Fact]
    public void Create_ThenTryRead_GivesSequenceAndTime()
    {
        Assert.True(_factory.TryRead(Create(_factory, 123_456), "realm"u8, out var first));
        Assert.Equal(new NonceContent(1001, 123_456), first);
        Assert.True(_factory.TryRead(Create(_factory, uint.MaxValue), "realm"u8, out var second));
        Assert.Equal(new NonceContent(1002, uint.MaxValue), second);
    }

    [Fact]
    public void Create_FromManyLoops_IsUnique()
    {
        var nonces = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 500; i++) Assert.True(nonces.TryAdd(Encoding.ASCII.GetString(Create(_factory, 1)), true));
        });
        Assert.Equal(4000, nonces.Count);
    }

    [Fact]
    public void TryRead_AfterRestartWithTheSameKey_StillKnowsIt()
    {
        var after = new NonceFactory(Key, 5_000_000);
        Assert.True(after.TryRead(Create(_factory, 7), "realm"u8, out var content));
        Assert.Equal(1001, content.Sequence);
    }

    [Theory]
    [InlineData("realn")]
    [InlineData("Realm")]
    [InlineData("real")]
    [InlineData("realm2")]
    [InlineData("")]
    public void TryRead_ForAnotherRealm_IsRefused(string realm)
    {
        Assert.False(_factory.TryRead(Create(_factory, 1), Encoding.ASCII.GetBytes(realm), out _));
    }

    [Fact]
    public void TryRead_WithAnotherKey_IsRefused()
    {
        var key = Key.ToArray();
        key[^1] ^= 1;
        var stranger = new NonceFactory(key, 1000);
        Assert.False(stranger.TryRead(Create(_factory, 1), "realm"u8, out _));
    }

    [Fact]
    public void TryRead_AnyOctetChangedToAnyOther_IsRefused()
    {
        var nonce = Create(_factory, 1_767_323_045);
        for (var at = 0; at < nonce.Length; at++)
        {
            for (var octet = 0; octet < 256; octet++)
            {
                if (octet == nonce[at]) continue;
                var changed = nonce.ToArray();
                changed[at] = (byte)octet;
                Assert.False(_factory.TryRead(changed, "realm"u8, out _), $"octet {at} as {octet}");
            }
        }

        Assert.True(_factory.TryRead(nonce, "realm"u8, out _));
    }

    [Fact]
    public void TryRead_OtherLengths_AreRefused()
    {
        var nonce = Create(_factory, 1);
        for (var length = 0; length < nonce.Length; length++) Assert.False(_factory.TryRead(nonce.AsSpan(0, length), "realm"u8, out _));
        Assert.False(_factory.TryRead([.. nonce, (byte)'A'], "realm"u8, out _));
        Assert.False(_factory.TryRead([.. nonce, (byte)' '], "realm"u8, out _));
    }

    [Theory]
    [InlineData(NonceFactory.KeyLength - 1)]
    [InlineData(NonceFactory.KeyLength + 1)]
    public void Factory_KeyOfAnotherLength_IsRefused(int length) => Assert.Throws<ArgumentOutOfRangeException>(() => new NonceFactory(new byte[length], 0));

    [Theory]
    [InlineData(DigestAlgorithm.Md5, false, ", opaque=\"00\", algorithm=MD5, qop=\"auth\"")]
    [InlineData(DigestAlgorithm.Md5, true, ", opaque=\"00\", algorithm=MD5, qop=\"auth\", stale=true")]
    [InlineData(DigestAlgorithm.Sha256, false, ", algorithm=SHA-256, qop=\"auth,auth-int\"")]
    [InlineData(DigestAlgorithm.Sha512256, true, ", algorithm=SHA-512-256, qop=\"auth,auth-int\", stale=true")]
    public void Challenge_NamesTheAlgorithm_AndSaysStaleOnlyWhenItIs(DigestAlgorithm algorithm, bool stale, string end)
    {
        var writer = new SipWriter();
        writer.Reset(new byte[300]);
        DigestChallenge.Write(writer, "Proxy-Authenticate"u8, "r.example"u8, "n"u8, algorithm, stale);
        Assert.Equal(
            $"Proxy-Authenticate: Digest realm=\"r.example\", nonce=\"n\"{end}\r\n", ParsedMessage.Text(writer.Written));
    }

    private static byte[] Create(NonceFactory factory, uint now)
    {
        var text = new byte[NonceFactory.TextLength];
        factory.Create(now, "realm"u8, text);
        return text;
    }
}
