using System.Globalization;
using System.Text;
using Sipstead.Sip.Parsing;
using Sipstead.Testing.Registrar;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.HostileInput;

/// <summary>S-34 to S-37: who somebody is, is a matter of octets, whatever these mean to databases, file systems, terminals and scripts.</summary>
public sealed class IdentityTests : IDisposable
{
    private readonly RegistrarHarness _harness = new();
    private readonly string _realm;

    public IdentityTests() => _realm = _harness.AddRealm();

    public void Dispose() => _harness.Dispose();

    public static TheoryData<string> Injections =>
        ["'", "a'or'3=3--", "1;DROP TABLE x", "\\", "%27", "admin'--", "\" OR \"\"=\"", "$ne", "*)(uid=*", new string('\u4e00', 90), "../../etc/passwd", "a\u0000'--"];

    [Theory]
    [MemberData(nameof(Injections))]
    public void S_34_InjectionAsUser_IsAnsweredAsAnyUnknownUser(string user)
    {
        _harness.AddCredential(_realm, "alice", "secret");
        var expected = Shape(Unknown("nobody").Register("<sip:a@192.0.2.10>"));
        Assert.Equal(expected, Shape(Unknown(user).Register("<sip:a@192.0.2.10>")));
        var asRealm = Unknown("nobody");
        asRealm.DigestRealm = Quoted(user);
        Assert.Equal(expected, Shape(asRealm.Register("<sip:a@192.0.2.10>")));
        var forAlice = Unknown(user);
        forAlice.AorUser = "alice";
        Assert.Equal(expected, Shape(forAlice.Register("<sip:a@192.0.2.10>")));
    }

    /// <summary>What is kept of a device comes back as it came, and nothing else does.</summary>
    [Theory]
    [MemberData(nameof(Injections))]
    public void S_34_InjectionInWhatIsKept_IsText(string text)
    {
        var alice = _harness.AddCredential(_realm, "alice", "secret");
        var device = new ScriptedDevice(_harness, _realm, "alice", "secret");
        var contact = $"<sip:{Uri.EscapeDataString(text)}@192.0.2.10>;+sip.instance=\"<{Quoted(text)}>\"";
        var answer = device.Register(contact, extraHeaders: $"User-Agent: {Latin1(text).Replace('\0', ' ')}\r\n");
        Assert.Equal(200, answer.Status);
        Assert.StartsWith(contact.Replace('\0', '?'), Assert.Single(answer.Contacts), StringComparison.Ordinal); // no NUL leaves in a header
        Assert.Single(_harness.Bindings(alice));
    }

    [Fact]
    public void S_35_SeparatorsInUserNames_ReachNoOtherUser()
    {
        string[] users = ["a", "b", "a:b", "a@b", "a/b", "a/../b", "a\0b", "a\0", "b@" + _realm, "a:" + _realm];
        foreach (var user in users) _harness.AddCredential(_realm, user, "password of " + user);
        foreach (var user in users) Assert.Equal(200, Device(user, "password of " + user).Register($"<sip:{Number(users, user)}@192.0.2.10>").Status);
        foreach (var user in users)
        {
            var own = Assert.Single(Device(user, "password of " + user).Register().Contacts);
            Assert.StartsWith($"<sip:{Number(users, user)}@", own, StringComparison.Ordinal);
            foreach (var other in users.Where(other => other != user)) Assert.Equal(401, Device(user, "password of " + other).Register().Status);
        }
    }

    /// <summary>Alike to a reader or to a library that folds, and somebody else.</summary>
    [Theory]
    [InlineData("alice", "alice\0b")]
    [InlineData("alice", "alice\0")]
    [InlineData("alice", "Alice")]
    [InlineData("alice", "alice ")]
    [InlineData("alice", " alice")]
    [InlineData("alice", "alice.")]
    [InlineData("admin", "admin\u200b")]
    [InlineData("admin", "\ufeffadmin")]
    [InlineData("admin", "\u0430dmin")]
    [InlineData("kim", "\u212aim")]
    [InlineData("101", "\uff11\uff10\uff11")]
    [InlineData("101", "\u0661\u0660\u0661")]
    [InlineData("jos\u00e9", "jose\u0301")]
    [InlineData("stra\u00dfe", "strasse")]
    [InlineData("i", "\u0131")]
    public void S_36_NameThatLooksAlike_IsAnotherUser(string user, string alike)
    {
        var id = _harness.AddCredential(_realm, user, "secret");
        Assert.Equal(401, Device(alike, "secret").Register("<sip:x@192.0.2.10>").Status);
        var forOther = Device(user, "secret");
        forOther.AorUser = Uri.EscapeDataString(alike);
        Assert.Equal(403, forOther.Register("<sip:x@192.0.2.10>").Status);
        Assert.Empty(_harness.Bindings(id));
        Assert.Equal(200, Device(user, "secret").Register("<sip:x@192.0.2.10>").Status);
    }

    [Theory]
    [InlineData(".", 404)]
    [InlineData("\0", 400)]
    [InlineData(" ", 400)]
    [InlineData("%2e", 400)]
    [InlineData("\u00ad", 400)]
    public void S_36_RealmThatLooksAlike_IsNoRealm(string suffix, int status)
    {
        _harness.AddCredential(_realm, "alice", "secret");
        var answer = _harness.Send(new RequestText { Method = "REGISTER", Uri = $"sip:{_realm}{suffix}" }.ToOctets());
        Assert.Equal(status, answer!.Status);
        var kelvin = _realm.Replace("office", "offi\u212ae", StringComparison.Ordinal);
        Assert.Equal(400, _harness.Send(new RequestText { Uri = $"sip:{Latin1(kelvin)}" }.ToOctets())!.Status);
    }

    /// <summary>Call-ID is what SIP puts into a log: the grammar leaves it no octet that ends a line or moves a terminal's cursor.</summary>
    [Fact]
    public void S_37_CallId_HoldsNothingThatALogWouldObey()
    {
        for (var octet = 0; octet < 256; octet++)
        {
            var error = ParsedMessage.ErrorOf(new RequestText { CallId = $"a{(char)octet}b" });
            if (octet is < '!' or > '~') Assert.NotEqual(SipError.None, error);
        }
    }

    private static int Number(string[] users, string user) => Array.IndexOf(users, user);

    /// <summary>Status and headers of an answer without what differs from one challenge to the next.</summary>
    private static string Shape(SipResponseText answer) => string.Create(
        CultureInfo.InvariantCulture, $"{answer.StatusLine} {answer.Challenge("realm")} {answer.Challenge("algorithm")} {answer.Challenge("stale")} {answer.Contacts.Count}");

    private ScriptedDevice Unknown(string user) => Device(user, "guess");

    /// <summary>A device of a user whose name may hold anything: written as UTF-8, with quoted pairs where they must be.</summary>
    private ScriptedDevice Device(string user, string password) =>
        new(_harness, _realm, user, password) { DigestUser = Quoted(user), HashUser = user, AorUser = Uri.EscapeDataString(user) };

    private static string Quoted(string text) => Latin1(text).Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\0", "\\\0", StringComparison.Ordinal);

    /// <summary>The UTF-8 octets of a text, as harnesses send them.</summary>
    private static string Latin1(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
