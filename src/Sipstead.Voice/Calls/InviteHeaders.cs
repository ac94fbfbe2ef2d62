using System.Globalization;
using System.Text;
using Sipstead.Sip.Messages;

namespace Sipstead.Voice.Calls;

/// <summary>
/// All of a device's INVITE that goes further than its own session: into webhooks, and into the INVITE of a call that is passed on. Whatever is not here
/// stays behind: who calls is the user that authenticated, whatever From, P-Asserted-Identity, P-Preferred-Identity or Remote-Party-ID say (RFC 3325 5).
/// </summary>
internal sealed record InviteHeaders
{
    /// <summary>Values of one header that are kept.</summary>
    private const int MaximumValues = 16;

    /// <summary>Octets of a value that is kept; a longer one is left out, since half of it means something else.</summary>
    private const int MaximumLength = 1024;

    private const int DefaultHops = 70;

    /// <summary>The Request-URI: whom the caller wanted.</summary>
    public required string Dialled { get; init; }

    /// <summary>User-To-User (RFC 7433), a value for each line.</summary>
    public IReadOnlyList<string> UserToUser { get; private init; } = [];

    /// <summary>Diversion (RFC 5806), the latest first.</summary>
    public IReadOnlyList<string> Diversions { get; init; } = [];

    public HistoryInfo History { get; private init; } = HistoryInfo.None;

    /// <summary>Whether the caller hides its identity (RFC 3323 4.2, RFC 3325 9.3).</summary>
    public bool IsPrivate { get; private init; }

    /// <summary>Whether the caller hides where the call has been (RFC 7044 10.1.2).</summary>
    public bool HidesHistory { get; private init; }

    /// <summary>Hops that the call may still take; it cannot be passed on with none (RFC 3261 16.3).</summary>
    public int HopsLeft { get; private init; } = DefaultHops;

    public static InviteHeaders Read(SipMessage invite)
    {
        var privacy = Privacies(invite);
        var hidesAll = privacy.Contains("header") || privacy.Contains("session");
        return new InviteHeaders
        {
            Dialled = Encoding.UTF8.GetString(invite.RequestUri), UserToUser = LinesOf(invite, HeaderId.UserToUser), Diversions = ValuesOf(invite, HeaderId.Diversion),
            History = HistoryInfo.Read(ValuesOf(invite, HeaderId.HistoryInfo)),
            IsPrivate = hidesAll || privacy.Contains("id") || privacy.Contains("user"), HidesHistory = hidesAll || privacy.Contains("history"),
            HopsLeft = int.TryParse(invite.Value(HeaderId.MaxForwards), NumberStyles.None, CultureInfo.InvariantCulture, out var hops) ? hops : DefaultHops,
        };
    }

    private static List<string> ValuesOf(SipMessage invite, HeaderId id)
    {
        var values = new List<string>();
        foreach (var value in invite.Values(id))
        {
            if (values.Count < MaximumValues) Add(values, value);
        }

        return values;
    }

    private static List<string> LinesOf(SipMessage invite, HeaderId id)
    {
        var lines = new List<string>();
        foreach (ref readonly var header in invite.Headers)
        {
            if (header.Id == id && lines.Count < MaximumValues) Add(lines, invite.ValueOf(header));
        }

        return lines;
    }

    private static void Add(List<string> values, ReadOnlySpan<byte> value)
    {
        if (value.Length is > 0 and <= MaximumLength) values.Add(Encoding.UTF8.GetString(value));
    }

    /// <summary>Values of Privacy are separated by semicolons.</summary>
    private static HashSet<string> Privacies(SipMessage invite) => ValuesOf(invite, HeaderId.Privacy)
        .SelectMany(value => value.Split(';', StringSplitOptions.TrimEntries)).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
