using Sipstead.Sip.Transport;
using Xunit;

namespace Sipstead.Sip.Tests.Transport;

public sealed class SipOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreRight() => Assert.Empty(new SipOptions().Validate());

    [Fact]
    public void Validate_EverythingWrong_NamesEachKeyAtOnce()
    {
        var errors = new SipOptions { Address = "localhost", Port = 65536, UdpThreads = 0, MaxConnections = 0, MaxConnectionsPerSource = 0 }.Validate().ToList();
        var keys = errors.Select(e => e.Split(' ')[0]);
        Assert.Equal(["Address", "Port", "UdpThreads", "MaxConnections", "MaxConnectionsPerSource"], keys.Select(k => k.Split(':')[2]));
    }

    [Theory]
    [InlineData("0.0.0.0,[::]", "0.0.0.0|::")]
    [InlineData(" 127.0.0.1 , ::1,", "127.0.0.1|::1")]
    [InlineData("", null)]
    [InlineData(",", null)]
    [InlineData("127.0.0.1,example.com", null)]
    public void TryParseAddresses_ReadsAList(string text, string? expected)
    {
        Assert.Equal(expected is not null, SipOptions.TryParseAddresses(text, out var addresses));
        if (expected is not null) Assert.Equal(expected, string.Join('|', addresses));
    }
}
