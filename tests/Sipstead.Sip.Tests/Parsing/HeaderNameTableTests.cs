using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Xunit;

namespace Sipstead.Sip.Tests.Parsing;

public sealed class HeaderNameTableTests
{
    /// <summary>Every id with its name on the wire.</summary>
    private static readonly Dictionary<HeaderId, string> Names = new()
    {
        [HeaderId.Accept] = "Accept", [HeaderId.AcceptEncoding] = "Accept-Encoding", [HeaderId.AcceptLanguage] = "Accept-Language",
        [HeaderId.Allow] = "Allow", [HeaderId.AllowEvents] = "Allow-Events", [HeaderId.AuthenticationInfo] = "Authentication-Info",
        [HeaderId.Authorization] = "Authorization", [HeaderId.CallId] = "Call-ID", [HeaderId.Contact] = "Contact",
        [HeaderId.ContentDisposition] = "Content-Disposition", [HeaderId.ContentEncoding] = "Content-Encoding",
        [HeaderId.ContentLanguage] = "Content-Language", [HeaderId.ContentLength] = "Content-Length", [HeaderId.ContentType] = "Content-Type",
        [HeaderId.CSeq] = "CSeq", [HeaderId.Date] = "Date", [HeaderId.Event] = "Event", [HeaderId.Expires] = "Expires", [HeaderId.From] = "From",
        [HeaderId.MaxForwards] = "Max-Forwards", [HeaderId.MinExpires] = "Min-Expires", [HeaderId.Path] = "Path",
        [HeaderId.ProxyAuthenticate] = "Proxy-Authenticate", [HeaderId.ProxyAuthorization] = "Proxy-Authorization",
        [HeaderId.ProxyRequire] = "Proxy-Require", [HeaderId.RAck] = "RAck", [HeaderId.Reason] = "Reason", [HeaderId.RecordRoute] = "Record-Route",
        [HeaderId.ReferredBy] = "Referred-By", [HeaderId.ReferTo] = "Refer-To", [HeaderId.Replaces] = "Replaces", [HeaderId.Require] = "Require",
        [HeaderId.RetryAfter] = "Retry-After", [HeaderId.Route] = "Route", [HeaderId.RSeq] = "RSeq", [HeaderId.Server] = "Server",
        [HeaderId.SessionExpires] = "Session-Expires", [HeaderId.Subject] = "Subject", [HeaderId.SubscriptionState] = "Subscription-State", [HeaderId.Supported] = "Supported",
        [HeaderId.Timestamp] = "Timestamp", [HeaderId.To] = "To", [HeaderId.Unsupported] = "Unsupported", [HeaderId.UserAgent] = "User-Agent",
        [HeaderId.Diversion] = "Diversion", [HeaderId.HistoryInfo] = "History-Info", [HeaderId.Identity] = "Identity", [HeaderId.InfoPackage] = "Info-Package",
        [HeaderId.PAssertedIdentity] = "P-Asserted-Identity", [HeaderId.PAttestationIndicator] = "P-Attestation-Indicator",
        [HeaderId.POriginationId] = "P-Origination-ID",
        [HeaderId.MinSE] = "Min-SE", [HeaderId.Privacy] = "Privacy", [HeaderId.UserToUser] = "User-To-User",
        [HeaderId.Via] = "Via", [HeaderId.Warning] = "Warning", [HeaderId.WwwAuthenticate] = "WWW-Authenticate",
    };

    public static TheoryData<HeaderId> Ids => [.. Enum.GetValues<HeaderId>().Where(id => id is not (HeaderId.Other or HeaderId.Count))];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Find_NameInAnyCase_GivesItsId(HeaderId id)
    {
        var name = Names[id];
        Assert.Equal(id, Find(name));
        Assert.Equal(id, Find(name.ToUpperInvariant()));
        Assert.Equal(id, Find(name.ToLowerInvariant()));
        Assert.Equal(id, Find(string.Concat(name.Select((c, i) => i % 2 == 0 ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)))));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Find_NameWithOneOctetChanged_GivesOther(HeaderId id)
    {
        var name = Encoding.ASCII.GetBytes(Names[id]);
        for (var i = 0; i < name.Length; i++)
        {
            var changed = name.ToArray();
            changed[i] = (byte)'!';
            Assert.Equal(HeaderId.Other, HeaderNameTable.Find(changed));
        }

        Assert.Equal(HeaderId.Other, HeaderNameTable.Find([.. name, (byte)'x']));
        if (name.Length > 2) Assert.Equal(HeaderId.Other, HeaderNameTable.Find(name.AsSpan(0, name.Length - 1)));
    }

    [Theory]
    [InlineData('b', HeaderId.ReferredBy)]
    [InlineData('c', HeaderId.ContentType)]
    [InlineData('e', HeaderId.ContentEncoding)]
    [InlineData('f', HeaderId.From)]
    [InlineData('i', HeaderId.CallId)]
    [InlineData('k', HeaderId.Supported)]
    [InlineData('l', HeaderId.ContentLength)]
    [InlineData('m', HeaderId.Contact)]
    [InlineData('o', HeaderId.Event)]
    [InlineData('r', HeaderId.ReferTo)]
    [InlineData('s', HeaderId.Subject)]
    [InlineData('t', HeaderId.To)]
    [InlineData('u', HeaderId.AllowEvents)]
    [InlineData('v', HeaderId.Via)]
    [InlineData('x', HeaderId.SessionExpires)]
    [InlineData('y', HeaderId.Identity)]
    public void Find_CompactForm_GivesItsId(char letter, HeaderId id)
    {
        Assert.Equal(id, Find(letter.ToString()));
        Assert.Equal(id, Find(char.ToUpperInvariant(letter).ToString()));
    }

    [Fact]
    public void Find_AnyOtherSingleOctet_GivesOther()
    {
        for (var octet = 0; octet < 256; octet++)
        {
            if ("bcefiklmorstuvxy".Contains(char.ToLowerInvariant((char)octet), StringComparison.Ordinal) && octet < 128) continue;
            Assert.Equal(HeaderId.Other, HeaderNameTable.Find([(byte)octet]));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Content-Len\u0000gth")]
    [InlineData("C%6Fntact")]
    [InlineData("X-Custom")]
    [InlineData("Identify")]
    public void Find_UnknownName_GivesOther(string name) => Assert.Equal(HeaderId.Other, Find(name));

    [Theory]
    [InlineData(HeaderId.Via)]
    [InlineData(HeaderId.Contact)]
    [InlineData(HeaderId.Route)]
    [InlineData(HeaderId.Require)]
    [InlineData(HeaderId.Authorization)]
    [InlineData(HeaderId.Other)]
    public void IsSingle_ListsAndUnknown_AreNot(HeaderId id) => Assert.False(HeaderNameTable.IsSingle(id));

    private static HeaderId Find(string name) => HeaderNameTable.Find(Encoding.Latin1.GetBytes(name));
}
