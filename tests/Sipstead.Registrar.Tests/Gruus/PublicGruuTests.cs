using System.Text;
using CsCheck;
using Sipstead.Registrar.Gruus;
using Sipstead.Sip.Messages;
using Xunit;

namespace Sipstead.Registrar.Tests.Gruus;

/// <summary>Public GRUUs as URIs (RFC 5627 3.1.1).</summary>
public sealed class PublicGruuTests
{
    [Fact]
    public void OB_10_AnyNameAndInstance_MakeAUriThatReadsBack() => Gen.Select(Gen.String, Gen.String).Sample((user, instance) =>
    {
        if (user.Length == 0 || instance.Length == 0) return;
        var text = Encoding.UTF8.GetBytes(PublicGruu.Of(user, "office.example.net", instance));
        Assert.True(SipUri.TryParse(text, out var uri) && uri.TryGetParameter("gr"u8, out _));
        Assert.Equal(Encoding.UTF8.GetBytes(user), Unescape(uri.User));
        uri.TryGetParameter("gr"u8, out var gr);
        Assert.Equal(Encoding.UTF8.GetBytes(instance), Unescape(gr));
    });

    private static byte[] Unescape(ReadOnlySpan<byte> text)
    {
        var octets = new byte[text.Length];
        Assert.True(SipUri.TryUnescape(text, octets, out var length));
        return octets[..length];
    }
}
