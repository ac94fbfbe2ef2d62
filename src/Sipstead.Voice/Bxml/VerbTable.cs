using System.Collections.Frozen;
using Sipstead.Voice.Bxml.Verbs;

namespace Sipstead.Voice.Bxml;

/// <summary>What may stand between a verb's tags.</summary>
internal enum VerbContent
{
    Nothing,
    Text,

    /// <summary>Text with SSML elements.</summary>
    Speech,

    /// <summary>SpeakSentence and PlayAudio.</summary>
    Prompts,
}

/// <summary>One line of the table of verbs.</summary>
/// <param name="Name">Of the element; case matters.</param>
/// <param name="Content">What may stand between its tags.</param>
/// <param name="Read">Makes the verb of its element. What is wrong is noted in the element, and the verb is then never used.</param>
/// <param name="IsPrompt">Whether it may stand inside Gather.</param>
internal sealed record VerbEntry(string Name, VerbContent Content, Func<VerbElement, Verb> Read, bool IsPrompt = false);

/// <summary>The verbs. A new one is a file in <c>Verbs/</c> and a line here.</summary>
internal static class VerbTable
{
    private static readonly FrozenDictionary<string, VerbEntry> CallVerbs = new VerbEntry[]
    {
        new("Echo", VerbContent.Nothing, Echo.Read),
        new("Gather", VerbContent.Prompts, Gather.Read),
        new("Hangup", VerbContent.Nothing, Hangup.Read),
        new("Pause", VerbContent.Nothing, Pause.Read),
        new("PlayAudio", VerbContent.Text, PlayAudio.Read, IsPrompt: true),
        new("Redirect", VerbContent.Nothing, Redirect.Read),
        new("Ring", VerbContent.Nothing, Ring.Read),
        new("SendDtmf", VerbContent.Text, SendDtmf.Read),
        new("SpeakSentence", VerbContent.Speech, SpeakSentence.Read, IsPrompt: true),
        new("Tag", VerbContent.Text, Tag.Read),
    }.ToFrozenDictionary(entry => entry.Name);

    private static readonly FrozenSet<string> Unsupported = FrozenSet.ToFrozenSet([
        "Bridge", "Conference", "Connect", "Forward", "PauseRecording", "Record", "Refer", "ResumeRecording", "StartGather", "StartRecording",
        "StartStream", "StartTranscription", "StopGather", "StopRecording", "StopStream", "StopTranscription", "Transfer"]);

    /// <summary>The verbs that a document may hold there, by name.</summary>
    public static FrozenDictionary<string, VerbEntry> For(BxmlContext context) =>
        context switch
        {
            BxmlContext.Call => CallVerbs,
            _ => throw new ArgumentOutOfRangeException(nameof(context), context, "No such context."),
        };

    /// <summary>Whether the API has the verb, but this version has not.</summary>
    public static bool IsUnsupported(string name) => Unsupported.Contains(name);
}
