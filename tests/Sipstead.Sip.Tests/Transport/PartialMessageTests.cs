using System.Text;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Xunit;

namespace Sipstead.Sip.Tests.Transport;

public sealed class PartialMessageTests
{
    private PartialMessage _partial = new();

    [Fact]
    public void MayEndWith_WithoutAnythingKept_IsTrue() => Assert.True(_partial.MayEndWith("x"u8));

    [Fact]
    public void MayEndWith_WhileHeadersHaveNoEnd_WaitsForALineBreakOrTheLimit()
    {
        _partial.Keep("OPTIONS"u8, 0);
        Assert.False(_partial.MayEndWith(" sip:h\r"u8));
        Assert.True(_partial.MayEndWith("\n"u8));
        Assert.False(_partial.MayEndWith(new byte[SipLimits.HeaderSection - 7]));
        Assert.True(_partial.MayEndWith(new byte[SipLimits.HeaderSection - 6]));
    }

    [Fact]
    public void MayEndWith_OfKnownLength_WaitsForIt()
    {
        _partial.Keep("head"u8, 6);
        Assert.False(_partial.MayEndWith("\n"u8));
        Assert.True(_partial.MayEndWith("ab"u8));
        _partial.Append("a"u8);
        Assert.True(_partial.MayEndWith("b"u8));
    }

    [Fact]
    public void Append_OctetByOctet_KeepsAll_AndCopiesLittle()
    {
        _partial.Keep("0"u8, 0);
        for (var i = 1; i < 1_000; i++) _partial.Append([(byte)('0' + (i % 10))]);
        var all = new byte[_partial.Length];
        _partial.CopyTo(all);
        Assert.Equal(string.Concat(Enumerable.Range(0, 1_000).Select(i => i % 10)), Encoding.ASCII.GetString(all));

        _partial.Keep([], 0);
        Assert.Equal(0, _partial.Length);
    }
}
