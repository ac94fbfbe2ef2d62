using Sipstead.Sip.Digest;
using Xunit;

namespace Sipstead.Sip.Tests.Digest;

/// <summary>The vectors of the paper's reference: key 00 01 .. 0f, input 00 01 .. of each length.</summary>
public sealed class SipHashTests
{
    private static readonly byte[] Octets = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];

    [Theory]
    [InlineData(0, 0x726F_DB47_DD0E_0E31)]
    [InlineData(1, 0x74F8_39C5_93DC_67FD)]
    [InlineData(2, 0x0D6C_8009_D9A9_4F5A)]
    [InlineData(3, 0x8567_6696_D7FB_7E2D)]
    [InlineData(7, 0xAB02_00F5_8B01_D137)]
    [InlineData(8, 0x93F5_F579_9A93_2462)]
    [InlineData(15, 0xA129_CA61_49BE_45E5)]
    public void Hash_OfTheVectors_IsTheirs(int length, ulong expected) => Assert.Equal(expected, new SipHash(Octets.AsSpan(0, 16)).Hash(Octets.AsSpan(0, length)));

    [Fact]
    public void Hash_AnyBitOfKeyOrInputChanged_IsAnother()
    {
        for (var bit = 0; bit < 16 * 8; bit++) Assert.NotEqual(Hash(Octets, Octets), Hash(Flip(Octets, bit), Octets));
        for (var bit = 0; bit < Octets.Length * 8; bit++) Assert.NotEqual(Hash(Octets, Octets), Hash(Octets, Flip(Octets, bit)));
    }

    [Fact]
    public void Key_OfAnotherLength_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new SipHash(new byte[15]));

    private static ulong Hash(byte[] key, byte[] input) => new SipHash(key.AsSpan(0, SipHash.KeyLength)).Hash(input);

    private static byte[] Flip(byte[] octets, int bit)
    {
        var copy = octets.ToArray();
        copy[bit / 8] ^= (byte)(1 << (bit % 8));
        return copy;
    }
}
