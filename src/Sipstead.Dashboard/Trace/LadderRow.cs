using System.Globalization;
using System.Text;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transport;

namespace Sipstead.Dashboard.Trace;

/// <summary>What a message of a ladder is, for its colour.</summary>
internal enum LadderTone
{
    /// <summary>A request.</summary>
    Request,

    /// <summary>1xx.</summary>
    Provisional,

    /// <summary>2xx.</summary>
    Success,

    /// <summary>3xx, and the challenges 401 and 407: the other side is to try again.</summary>
    Again,

    /// <summary>All other refusals, and what is no SIP.</summary>
    Failure,
}

/// <summary>One message of a ladder.</summary>
/// <param name="FromColumn">Index of the column that its arrow begins at.</param>
/// <param name="ToColumn">Index of the column that its arrow points at.</param>
/// <param name="SinceBefore">Time since the row above; null in the first one.</param>
/// <param name="IsRetransmission">True when the same octets went the same way before.</param>
internal sealed record LadderRow(
    TracedMessage Message, TraceLine Line, int FromColumn, int ToColumn, TimeSpan? SinceBefore, bool IsRetransmission)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>True for an arrow to the right.</summary>
    public bool PointsRight => FromColumn < ToColumn;

    /// <summary>True when so much time lies before it that it begins something new.</summary>
    public bool FollowsPause => SinceBefore >= Pause;

    /// <summary>For its colour.</summary>
    public LadderTone Tone => Line.Status switch
    {
        0 => Line.Method.Length > 0 ? LadderTone.Request : LadderTone.Failure,
        < 200 => LadderTone.Provisional,
        < 300 => LadderTone.Success,
        < 400 or 401 or 407 => LadderTone.Again,
        _ => LadderTone.Failure,
    };

    /// <summary>What stands on the arrow: "INVITE (SDP)", "401 Unauthorized".</summary>
    public string Label => Printable(Line.HasSdp ? $"{Line.Title} (SDP)" : Line.Title);

    /// <summary>Time since the row above: "+12 ms", "+32 s"; empty in the first row.</summary>
    public string Since => SinceBefore is not { } since ? "" : since.TotalMilliseconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"+{Math.Max(0, since.TotalMilliseconds):0.0} ms"),
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"+{since.TotalMilliseconds:0} ms"),
        < 60_000 => string.Create(CultureInfo.InvariantCulture, $"+{since.TotalSeconds:0.0} s"),
        < 3_600_000 => string.Create(CultureInfo.InvariantCulture, $"+{since.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"+{since.TotalHours:0} h"),
    };

    /// <summary>The way that the arrow shows, in words.</summary>
    public string Way => $"{(Message.Direction == TraceDirection.Received ? "received from" : "sent to")} {Message.Peer} over {Message.Transport.Token()}";

    /// <summary>The message as text; its secrets are masked already.</summary>
    public string Text => Printable(Encoding.UTF8.GetString(Message.Octets.Span));

    /// <summary>Puts a sign in the place of what shows nothing or changes how the rest shows: control characters, and marks that turn the direction.</summary>
    private static string Printable(string text) => string.Create(text.Length, text, (place, source) =>
    {
        for (var i = 0; i < place.Length; i++)
        {
            var isLayout = source[i] is '\r' or '\n' or '\t';
            place[i] = !isLayout && char.GetUnicodeCategory(source[i]) is UnicodeCategory.Control or UnicodeCategory.Format ? '\uFFFD' : source[i];
        }
    });
}
