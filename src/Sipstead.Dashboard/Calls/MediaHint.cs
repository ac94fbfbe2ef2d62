using Sipstead.Voice.Calls;

namespace Sipstead.Dashboard.Calls;

/// <summary>What the figures of a call's media mean to who hears it, and where to look.</summary>
internal static class MediaHint
{
    private const double AudibleLoss = 1;

    private static readonly TimeSpan AudibleJitter = TimeSpan.FromMilliseconds(30);

    /// <summary>What there is to tell; empty for a good call.</summary>
    public static IEnumerable<string> Of(CallDetails call)
    {
        if (call.Media is not { } media) yield break;
        if (media.PacketsReceived == 0 && call.State.AnswerTime is not null)
            yield return "Nothing came from the device. See that it can send UDP to the server's RTP ports, and that the address in our SDP is one that it reaches.";
        if (call.LossPercent > AudibleLoss)
            yield return $"{CallWords.Percent(call.LossPercent.Value)} of the party's packets did not come: words break up. Look for an overloaded line or Wi-Fi on the party's side.";
        if (media.Jitter > AudibleJitter)
            yield return $"The party's packets come unevenly ({CallWords.Milliseconds(media.Jitter)}): pauses and late audio. Give voice priority in the party's network, or use a cable.";
        if (media.RemoteLossPercent > AudibleLoss)
            yield return $"The party misses {CallWords.Percent(media.RemoteLossPercent.Value)} of our packets: it hears us break up. Look at the way from the server to the party.";
    }
}
