using System.Text;
using Sipstead.Registrar.Gruus;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Conformance.Tests.Registration;

/// <summary>OB duties of GRUUs (RFC 5627 5, conformance.md).</summary>
public sealed class GruuTests : RegistrationFixture
{
    private const string Urn = "urn:uuid:00000000-0000-1000-8000-000a95a0e128";
    private const string Instance = $"+sip.instance=\"<{Urn}>\"";
    private const string Gruu = "Supported: gruu\r\n";

    [Fact]
    public void OB_10_Answer_CarriesBothGruus()
    {
        var answer = Device.Register($"{Phone};{Instance}", extraHeaders: Gruu);
        Assert.Equal($"sip:alice@{Realm};gr={Urn}", PublicOf(answer));
        Assert.Matches($"^sip:tgruu\\.[0-9a-f]{{32}}@{Realm.Replace(".", "\\.", StringComparison.Ordinal)};gr$", TemporaryOf(answer));
        Assert.EndsWith(";expires=3600", answer.Contacts.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void OB_10_WithoutSupportedOrInstance_ThereIsNone()
    {
        Assert.DoesNotContain("gruu", Device.Register($"{Phone};{Instance}").Contacts.Single(), StringComparison.Ordinal);
        Device.Register($"{Phone};{Instance}", 0);
        Assert.DoesNotContain("gruu", Device.Register(Phone, extraHeaders: Gruu).Contacts.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void OB_10_TemporaryGruu_IsNewInEachRegister_ButNotInARepeatOrAFetch()
    {
        var first = TemporaryOf(Device.Register($"{Phone};{Instance}", extraHeaders: Gruu));
        var second = TemporaryOf(Device.Register($"{Phone};{Instance}", extraHeaders: Gruu));
        Assert.NotEqual(first, second);
        Assert.Equal(second, TemporaryOf(Device.Repeat()));
        Assert.Equal(second, TemporaryOf(Device.Request(Gruu)));
    }

    [Fact]
    public void OB_10_GruusThatTheDeviceSends_AreNotEchoed()
    {
        var answer = Device.Register($"{Phone};pub-gruu=\"sip:evil@example.org\";{Instance};temp-gruu=\"sip:x@example.org;gr\"", extraHeaders: Gruu);
        Assert.Equal($"sip:alice@{Realm};gr={Urn}", PublicOf(answer));
        Assert.DoesNotContain("example.org", answer.Contacts.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void OB_10_GruuOrAorAsContact_Gets403()
    {
        var answer = Device.Register($"{Phone};{Instance}", extraHeaders: Gruu);
        foreach (var contact in new[] { PublicOf(answer), TemporaryOf(answer), $"sip:alice@{Realm}" })
            Assert.Equal(403, NewDevice().Register($"<{contact}>;{Instance}", extraHeaders: Gruu).Status);
        Assert.Single(Harness.Bindings(Alice));
    }

    [Fact]
    public void OB_10_SipsContact_GetsSipsGruus()
    {
        Device.Flow = RegistrarHarness.Flow(transport: SipTransport.Tls, connection: 7);
        var answer = Device.Register($"<sips:alice@192.0.2.10>;{Instance}", extraHeaders: Gruu);
        Assert.StartsWith("sips:alice@", PublicOf(answer), StringComparison.Ordinal);
        Assert.StartsWith("sips:tgruu.", TemporaryOf(answer), StringComparison.Ordinal);
    }

    [Fact]
    public void OB_10_OddUserAndInstance_AreEscaped()
    {
        Harness.AddCredential(Realm, "al ice;x", "secret");
        var device = new ScriptedDevice(Harness, Realm, "al ice;x", "secret");
        var gruu = PublicOf(device.Register($"<sip:a@192.0.2.1>;+sip.instance=\"<urn:x:a b?c;d=%41>\"", extraHeaders: Gruu));
        Assert.Equal($"sip:al%20ice%3Bx@{Realm};gr=urn:x:a%20b%3Fc%3Bd%3D%2541", gruu);
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void OB_10_LongInstance_GetsNone(int octets, bool gets)
    {
        var answer = Device.Register($"{Phone};+sip.instance=\"<urn:x:{new string('?', octets - "urn:x:".Length)}>\"", extraHeaders: Gruu);
        Assert.Equal((200, gets), (answer.Status, answer.Contacts.Single().Contains("pub-gruu", StringComparison.Ordinal)));
    }

    [Fact]
    public void OB_11_OldTemporaryGruus_HoldWhileTheCallIdStays()
    {
        var first = Register(Device);
        var second = Register(Device);
        Assert.NotNull(BindingOf(first));
        Assert.Equal(BindingOf(first)!.Id, BindingOf(second)!.Id);
    }

    [Fact]
    public void OB_11_NewCallId_EndsTheOldTemporaryGruus_AndKeepsThePublicOne()
    {
        var old = Device.Register($"{Phone};{Instance}", extraHeaders: Gruu);
        var restarted = NewDevice().Register($"{Phone};{Instance}", extraHeaders: Gruu);
        Assert.Null(BindingOf(TemporaryOf(old)));
        Assert.NotNull(BindingOf(TemporaryOf(restarted)));
        Assert.Equal(PublicOf(old), PublicOf(restarted));
    }

    [Fact]
    public void OB_11_EndOfAllBindings_EndsTheTemporaryGruus_ForTheSameCallIdToo()
    {
        var old = Register(Device);
        Device.Register($"{Phone};{Instance}", 0);
        Assert.Null(BindingOf(old));
        var next = Register(Device);
        Assert.Null(BindingOf(old));
        Assert.NotNull(BindingOf(next));
    }

    [Fact]
    public void OB_11_FlowsOfOneCallId_ShareTheirTemporaryGruus()
    {
        string Flow(int id, string parameters = "") =>
            TemporaryOf(Device.Register($"{Phone};{Instance};reg-id={id}{parameters}", extraHeaders: "Supported: gruu, outbound\r\n"));
        var first = Flow(1);
        Flow(2);
        Device.Register($"{Phone};{Instance};reg-id=1;expires=0", extraHeaders: "Supported: outbound\r\n");
        Assert.Equal(2, BindingOf(first)!.RegId);
    }

    [Fact]
    public void OB_11_MadeUpTemporaryGruus_LeadNowhere()
    {
        Register(Device);
        var random = new Random(7);
        var user = new byte[16];
        for (var i = 0; i < 1000; i++)
        {
            random.NextBytes(user);
            Assert.Null(BindingOf($"sip:tgruu.{Convert.ToHexStringLower(user)}@{Realm};gr"));
        }

        foreach (var bad in new[] { "tgruu.", "tgruu.0123", $"tgruu.{new string('z', 32)}", $"other.{new string('0', 32)}", new string('0', 38) })
            Assert.False(Harness.Gruus.TryRead(Encoding.ASCII.GetBytes(bad), out _, out _));
    }

    [Fact]
    public void OB_11_TemporaryGruuOfAnotherKey_LeadsNowhere()
    {
        var gruu = Register(Device);
        new TemporaryGruus(new byte[32]).TryRead(UserOf(gruu), out var credential, out var epoch);
        Assert.NotEqual((Alice, Harness.Bindings(Alice).Single().GruuEpoch), (credential, epoch));
    }

    private static byte[] UserOf(string gruu) => Encoding.ASCII.GetBytes(gruu.Split('@')[0][4..]);

    private static string PublicOf(SipResponseText answer) => ParameterOf(answer, ";pub-gruu=\"");

    private static string TemporaryOf(SipResponseText answer) => ParameterOf(answer, ";temp-gruu=\"");

    private static string ParameterOf(SipResponseText answer, string begin) => answer.Contacts[^1].Split(begin)[1].Split('"')[0];

    private static string Register(ScriptedDevice device) => TemporaryOf(device.Register($"{Phone};{Instance}", extraHeaders: Gruu));

    /// <summary>The binding that a temporary GRUU leads to.</summary>
    private Binding? BindingOf(string gruu) => Harness.Gruus.TryRead(UserOf(gruu), out var credential, out var epoch)
        ? Harness.Bindings(credential).FirstOrDefault(binding => binding.GruuEpoch == epoch) : null;
}
