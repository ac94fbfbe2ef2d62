using Sipstead.Sip.Sessions;

namespace Sipstead.Voice.Connecting;

/// <summary>A REFER that we send to the party of a call, and what it tells of the call that it makes then. On the call's mailbox.</summary>
internal sealed class OutgoingReferral
{
    /// <summary>The last word must come within this (bxml.md 7.5).</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _over = new();
    private int? _referStatus;
    private int? _notifyStatus;

    public async Task<ReferEnd> RunAsync(InviteSession session, string target, TimeProvider time, CancellationToken cancellationToken)
    {
        session.Refer(target);
        try
        {
            await _over.Task.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // What was told so far is all there is.
        }

        return new ReferEnd(_referStatus, _notifyStatus);
    }

    public void OnAnswered(int status)
    {
        _referStatus = status;
        if (status >= 300) _over.TrySetResult();
    }

    public void OnProgress(int status, bool isLast)
    {
        if (status > 0) _notifyStatus = status;
        if (isLast) _over.TrySetResult();
    }
}
