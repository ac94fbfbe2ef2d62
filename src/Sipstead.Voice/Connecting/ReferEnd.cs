namespace Sipstead.Voice.Connecting;

/// <summary>What came of a REFER of ours (bxml.md 7.5).</summary>
/// <param name="ReferStatus">Final status of the REFER; null when there was none.</param>
/// <param name="NotifyStatus">Status that the call got which the party made, as its last NOTIFY told; null when it told none.</param>
internal sealed record ReferEnd(int? ReferStatus, int? NotifyStatus)
{
    public bool IsSuccess => NotifyStatus is >= 200 and < 300;
}
