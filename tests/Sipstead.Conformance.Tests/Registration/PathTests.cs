using Sipstead.Registrar;
using Sipstead.Registrar.History;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Conformance.Tests.Registration;

/// <summary>OB-02 and REG duties of what proxies and configuration add to a REGISTER: RFC 3327, RFC 3608, RFC 6140 (conformance.md).</summary>
public sealed class PathTests : RegistrationFixture
{
    private const string Hops = "Path: <sip:p2.example.net;lr>\r\nPath: <sip:p1.example.net:5080;lr;ob>;x=\"a,b\", <sips:p0@[2001:db8::1];lr>\r\n";

    private static readonly string[] Values = ["<sip:p2.example.net;lr>", "<sip:p1.example.net:5080;lr;ob>;x=\"a,b\"", "<sips:p0@[2001:db8::1];lr>"];

    [Fact]
    public void OB_02_Path_IsKeptInOrder_AndReturnedToADeviceThatSupportsIt()
    {
        var answer = Device.Register(Phone, extraHeaders: Hops + "Supported: path\r\n");
        Assert.Equal(Values, answer.All("Path"));
        Assert.Equal(Values, Harness.Bindings(Alice).Single().Path);
        Assert.Equal(Values, Device.Repeat().All("Path"));
    }

    [Fact]
    public void OB_02_PathOfADeviceThatDoesNotKnowIt_IsKeptAndNotReturned()
    {
        var answer = Device.Register(Phone, extraHeaders: Hops);
        Assert.Equal(200, answer.Status);
        Assert.Empty(answer.All("Path"));
        Assert.Equal(Values, Harness.Bindings(Alice).Single().Path);
    }

    [Fact]
    public void OB_02_Refresh_TakesTheNewestPath()
    {
        Device.Register(Phone, extraHeaders: Hops);
        Device.Register(Phone, extraHeaders: "Path: <sip:other.example.net;lr>\r\n");
        Assert.Equal(["<sip:other.example.net;lr>"], Harness.Bindings(Alice).Single().Path);
        Device.Register(Phone);
        Assert.Empty(Harness.Bindings(Alice).Single().Path);
    }

    [Theory]
    [InlineData("<sip:strict.example.net>")]
    [InlineData("<tel:+15551234>")]
    [InlineData("<http://proxy.example.net/;lr>")]
    [InlineData("nonsense")]
    [InlineData("<sip:good.example.net;lr>, ")]
    public void OB_02_PathThatIsNoLooseRoute_Gets400(string path)
    {
        Assert.Equal("SIP/2.0 400 Bad Path Header", Device.Register(Phone, extraHeaders: $"Path: {path}\r\n").StatusLine);
        Assert.Empty(Harness.Bindings(Alice));
        Assert.Equal(RegistrationOutcome.BadPath, Harness.History.OfCredential(Alice)[0].Outcome);
    }

    [Theory]
    [InlineData(2048, 200)]
    [InlineData(2049, 400)]
    public void OB_02_LongPath_IsBounded(int octets, int status)
    {
        var path = $"<sip:{new string('a', octets - "<sip:@p.example.net;lr>".Length)}@p.example.net;lr>";
        Assert.Equal(octets, path.Length);
        Assert.Equal(status, Device.Register(Phone, extraHeaders: $"Path: {path}\r\n").Status);
    }

    [Fact]
    public void REG_04_PathOutboundAndGruu_MayBeRequired()
    {
        Assert.Equal(200, Device.Register(Phone, extraHeaders: "Require: path, Outbound\r\nRequire: gruu\r\n").Status);
        var answer = Device.Register(Phone, extraHeaders: "Require: path, other,outbound\r\n");
        Assert.Equal((420, "other"), (answer.Status, answer.One("Unsupported")));
    }

    [Fact]
    public void REG_32_ServiceRoute_IsReturnedUnchanged_InEachAnswer()
    {
        using var harness = new RegistrarHarness(new RegistrarOptions { ServiceRoute = ["sip:a.example.net;lr", "sips:b@b.example.net:5071;lr;x=1"] });
        var realm = harness.AddRealm();
        harness.AddCredential(realm, "alice", "secret");
        var device = new ScriptedDevice(harness, realm, "alice", "secret");
        foreach (var answer in new[] { device.Register(Phone), device.Register(Phone), device.Request("") })
            Assert.Equal(["<sip:a.example.net;lr>", "<sips:b@b.example.net:5071;lr;x=1>"], answer.All("Service-Route"));
        Assert.Empty(device.Register("<sip:a@192.0.2.1:0>").All("Service-Route"));
        Assert.Empty(Device.Register(Phone).All("Service-Route"));
    }

    [Theory]
    [InlineData("sip:a.example.net")]
    [InlineData("a.example.net;lr")]
    [InlineData("tel:+1;lr")]
    public void REG_32_ServiceRouteThatIsNoLooseRoute_IsToldAtStart(string route) =>
        Assert.Equal(
            [$"Sipstead:Registrar:ServiceRoute has \"{route}\": give SIP URIs with lr, like sip:proxy.example.net;lr."],
            new RegistrarOptions { ServiceRoute = [route] }.Validate());

    [Fact]
    public void REG_33_BulkNumbers_Get420_AndAreNotStored()
    {
        foreach (var headers in new[] { "Require: gin\r\n", "Supported: gin\r\n", "" })
        {
            var answer = NewDevice().Register("<sip:198.51.100.3;bnc>", extraHeaders: headers);
            Assert.Equal((420, "gin"), (answer.Status, answer.One("Unsupported")));
        }

        Assert.Empty(Harness.Bindings(Alice));
    }
}
