using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Xunit;

namespace Sipstead.Sip.Tests.Transport;

public sealed class StunBindingTests
{
    private static readonly byte[] Bare = Convert.FromHexString("000100002112a442b7e7a701bc34d686fa87dfae");

    [Theory]
    [InlineData("rfc5769-2.2-ipv4-response")]
    [InlineData("rfc5769-2.3-ipv6-response")]
    public void Answer_CarriesTheXorMappedAddressOfTheVector(string id)
    {
        var vector = Vector(id);
        var expected = vector.GetProperty("attributes").EnumerateArray().Single(a => a[0].GetString() == "0x20")[2].GetString();
        var answer = Answer(Vector("rfc5769-2.1-request"), vector.GetProperty("xor_mapped").GetString()!);
        Assert.Equal("0101", Convert.ToHexStringLower(answer[..2]));
        Assert.Equal(answer.Length - 20, BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(2)));
        Assert.Equal("2112a442b7e7a701bc34d686fa87dfae", Convert.ToHexStringLower(answer[4..20]));
        Assert.Equal("0020", Convert.ToHexStringLower(answer[20..22]));
        Assert.Equal(expected, Convert.ToHexStringLower(answer[24..]));
    }

    [Fact]
    public void Answer_ToTheBareRequest_IsGiven() => Assert.Equal(32, Answer(Bare, "192.0.2.1:1").Length);

    [Theory]
    [InlineData("rfc5769-2.2-ipv4-response")]
    [InlineData("rfc5769-2.3-ipv6-response")]
    public void Answer_ToAResponse_IsNone(string id) => Assert.Empty(Answer(Vector(id), "192.0.2.1:1"));

    [Fact]
    public void Answer_ToIndicationOrOtherMethodOrCookie_IsNone()
    {
        Assert.Empty(Answer(Changed(1, 0x11), "192.0.2.1:1"));
        Assert.Empty(Answer(Changed(1, 0x03), "192.0.2.1:1"));
        Assert.Empty(Answer(Changed(4, 0x20), "192.0.2.1:1"));
    }

    [Theory]
    [InlineData("7fff0000")]
    [InlineData("00300000")]
    [InlineData("80220010")]
    [InlineData("8022ffff")]
    [InlineData("80220001")]
    public void Answer_ToUnknownRequiredOrOverlongAttribute_IsNone(string attribute)
    {
        byte[] request = [.. Bare, .. Convert.FromHexString(attribute)];
        request[3] = 4;
        Assert.Empty(Answer(request, "192.0.2.1:1"));
    }

    [Fact]
    public void Answer_EveryPrefixAndLength_NeverThrows()
    {
        var request = Convert.FromHexString(Vector("rfc5769-2.1-request").GetProperty("hex").GetString()!);
        for (var length = 0; length < request.Length; length++) Assert.Empty(Answer(request[..length], "192.0.2.1:1"));
        for (var at = 0; at < request.Length; at++)
        {
            for (var octet = 0; octet < 256; octet++)
            {
                var changed = request.ToArray();
                changed[at] = (byte)octet;
                Answer(changed, "192.0.2.1:1");
            }
        }
    }

    private static byte[] Changed(int at, byte octet)
    {
        var request = Bare.ToArray();
        request[at] = octet;
        return request;
    }

    private static byte[] Answer(JsonElement vector, string source) => Answer(Convert.FromHexString(vector.GetProperty("hex").GetString()!), source);

    private static byte[] Answer(byte[] request, string source)
    {
        var answer = new byte[64];
        return answer[..StunBinding.Answer(request, new TransportAddress(IPEndPoint.Parse(source)), answer)];
    }

    private static JsonElement Vector(string id)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Path("vectors", "stun-rfc5769.json")));
        return json.RootElement.Clone().EnumerateArray().Single(v => v.GetProperty("id").GetString() == id);
    }
}
