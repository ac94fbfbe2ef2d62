using Sipstead.Sip.Messages;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Sessions;

/// <summary>What the timer of a session asks of it, on its serial queue.</summary>
internal interface ISessionTimerOwner
{
    /// <summary>The session is to be refreshed by us: with UPDATE or a re-INVITE.</summary>
    void OnRefreshDue();

    /// <summary>The peer has no session timer, and is to be asked whether it is still there.</summary>
    void OnProbeDue();

    /// <summary>The session was not refreshed in time.</summary>
    void OnExpired();
}

/// <summary>
/// The session timer (RFC 4028) of one session. Both sides agree on an interval and on who refreshes; a session that is not refreshed ends. A peer
/// without the extension is asked now and then whether it is there, so that no call outlives it for long.
/// </summary>
internal sealed class SessionTimer
{
    /// <summary>How long before its end a session is given up (RFC 4028 10).</summary>
    private const int LongestMargin = 32;

    private readonly int _wish;
    private readonly ISessionTimerOwner _owner;
    private readonly Countdown _refresh, _end;
    private bool _isProbing;
    private int _interval;
    private int _minimum = SessionExpires.Minimum;
    private bool _isOurs;

    public SessionTimer(SessionLayer layer, SerialQueue serial, ISessionTimerOwner owner)
    {
        _wish = layer.SessionExpires;
        _owner = owner;
        _interval = _wish;
        _refresh = new Countdown(layer.Transactions, serial, OnRefreshDue);
        _end = new Countdown(layer.Transactions, serial, owner.OnExpired);
    }

    /// <summary>True while an interval is agreed on.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Writes the lines of an INVITE or UPDATE of ours. The refresher of a session under way stays the same.</summary>
    public void WriteRequest(SipWriter writer)
    {
        writer.Text(OptionTags.SupportedLine);
        if (_interval == 0) return;
        writer.Text("Session-Expires: "u8);
        writer.Number(_interval);
        if (IsRunning) writer.Text(_isOurs ? ";refresher=uac"u8 : ";refresher=uas"u8);
        writer.Text("\r\nMin-SE: "u8);
        writer.Number(_minimum);
        writer.EndLine();
    }

    /// <summary>Decides on the timer for a request of the peer that is accepted, starts anew, and gives the lines of its 2xx.</summary>
    public byte[] Accept(SipMessage request)
    {
        var isSupported = OptionTags.Has(request, HeaderId.Supported, OptionTags.Timer) || OptionTags.Has(request, HeaderId.Require, OptionTags.Timer);
        var agreed = SessionExpires.Answer(request, isSupported, _wish);
        Start(agreed, isOurs: agreed?.Refresher == Refresher.Uas);
        using var draft = new MessageDraft();
        draft.Writer.Text(OptionTags.SupportedLine);
        if (agreed is not { } expires) return draft.ToArray();
        draft.Writer.Text("Session-Expires: "u8);
        draft.Writer.Number(expires.Seconds);
        draft.Writer.Text(expires.Refresher == Refresher.Uac ? ";refresher=uac\r\nRequire: timer\r\n"u8 : ";refresher=uas\r\n"u8);
        return draft.ToArray();
    }

    /// <summary>
    /// Takes the 2xx to a request of ours: what it says counts, and where it says nothing there is no timer (RFC 4028 7.2). An interval below the smallest
    /// one, which nobody may answer, is not obeyed: it would have us send without pause.
    /// </summary>
    public void Learn(SipMessage response)
    {
        var isAgreed = SessionExpires.TryRead(response, out var expires) && expires.Seconds > 0;
        Start(isAgreed ? expires with { Seconds = Math.Max(expires.Seconds, SessionExpires.Minimum) } : null, isOurs: expires.Refresher != Refresher.Uas);
    }

    /// <summary>Takes a 422: the next request asks for as much as the peer wants. False when it tells nothing new.</summary>
    public bool TryRaise(SipMessage response)
    {
        var minimum = SessionExpires.MinimumOf(response);
        if (_interval == 0 || minimum <= _interval) return false;
        _interval = _minimum = minimum;
        return true;
    }

    /// <summary>A refresh of ours came to nothing; there is time for another.</summary>
    public void OnRefused()
    {
        if (IsRunning && _isOurs) _refresh.Start(_interval * 1000L / 8);
    }

    /// <summary>The peer answered that it is there.</summary>
    public void OnProbed()
    {
        if (_isProbing) _refresh.Start(_wish * 1000L / 2);
    }

    public void Stop()
    {
        IsRunning = _isProbing = false;
        _refresh.Stop();
        _end.Stop();
    }

    private void Start(SessionExpires? agreed, bool isOurs)
    {
        Stop();
        if (agreed is { } expires) Run(expires.Seconds, isOurs);
        else if (_wish > 0) Probe();
    }

    private void Run(int interval, bool isOurs)
    {
        IsRunning = true;
        (_interval, _isOurs) = (interval, isOurs);
        _end.Start((interval - Math.Min(LongestMargin, interval / 3)) * 1000L);
        if (isOurs) _refresh.Start(interval * 1000L / 2);
    }

    private void Probe()
    {
        _isProbing = true;
        _refresh.Start(_wish * 1000L / 2);
    }

    private void OnRefreshDue()
    {
        if (_isProbing) _owner.OnProbeDue();
        else _owner.OnRefreshDue();
    }
}
