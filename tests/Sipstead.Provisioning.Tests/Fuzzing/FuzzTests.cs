using System.Text;
using Sipstead.Provisioning.Api;
using Sipstead.Testing.Fuzzing;

namespace Sipstead.Provisioning.Tests.Fuzzing;

/// <summary>FUZZ: damaged bodies of provisioning requests; see bench/fuzz/run for longer runs.</summary>
public sealed class FuzzTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef";

    private static readonly byte[][] Credentials =
    [
        .. new[]
        {
            $"""<?xml version="1.0" encoding="UTF-8"?><SipCredentials xmlns:x="urn:x"><SipCredential a="1"><UserName>bob&amp;</UserName><Hash1>{Hash}</Hash1><x:O>&#233;</x:O></SipCredential></SipCredentials>""",
            $"""<SipCredentials xmlns="urn:y"><SipCredential><UserName><![CDATA[a]]></UserName><!-- c --><Hash1b>{Hash}</Hash1b></SipCredential><SipCredential/></SipCredentials>""",
            """<!DOCTYPE SipCredentials [<!ENTITY a "b">]><SipCredentials>&a;</SipCredentials>""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly byte[][] Applications =
    [
        .. new[]
        {
            """<Application><ServiceType>Voice-V2</ServiceType><AppName>Phones</AppName><CallInitiatedCallbackUrl>https://example.com/a?b=c&amp;d</CallInitiatedCallbackUrl><CallInitiatedMethod>POST</CallInitiatedMethod></Application>""",
            """<Application><AppName>a</AppName><CallbackCreds><UserId>u</UserId><Password>p</Password></CallbackCreds></Application>""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void FUZZ_03_Xml_Mutations_OfCredentials_AreReadOrRefusedWithoutTellingAHash() => FuzzRun.Over("xml", Credentials, 15_000, octets =>
    {
        var result = RequestXml.Read(octets, "SipCredentials");
        if (result.IsSuccess) return;
        Assert.NotEmpty(result.Error.Description);
        Assert.DoesNotContain(Hash, result.Error.Description, StringComparison.OrdinalIgnoreCase);
    });

    [Fact]
    public void FUZZ_03_Xml_Mutations_OfApplications_AreReadOrRefusedInWords() => FuzzRun.Over("xml applications", Applications, 15_000, octets =>
    {
        var body = RequestXml.Read(octets, "Application");
        if (!body.IsSuccess)
        {
            Assert.NotEmpty(body.Error.Description);
            return;
        }

        var application = ApplicationXml.Read(body.Value);
        Assert.True(application.IsSuccess || application.Error.Description.Length > 0);
    });

    [Fact]
    public void FUZZ_03_Xml_EveryPrefix_IsRefused() => FuzzRun.Each(
        "xml prefixes", Credentials.SelectMany(Mutations.Prefixes), octets => Assert.False(RequestXml.Read(octets, "SipCredentials").IsSuccess));
}
