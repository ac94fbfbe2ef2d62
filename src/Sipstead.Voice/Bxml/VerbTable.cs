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

    /// <summary>Elements with text that are no verbs of their own, such as the targets of Transfer.</summary>
    Parts,
}

/// <summary>One line of the table of verbs.</summary>
/// <param name="Name">Of the element; case matters.</param>
/// <param name="Content">What may stand between its tags.</param>
/// <param name="Read">Makes the verb of its element. What is wrong is noted in the element, and the verb is then never used.</param>
internal sealed record VerbEntry(string Name, VerbContent Content, Func<VerbElement, Verb> Read)
{
    /// <summary>Whether it may stand inside Gather.</summary>
    public bool IsPrompt { get; init; }

    /// <summary>Whether it may run on the leg that a Transfer called.</summary>
    public bool InTransferAnswer { get; init; } = true;

    /// <summary>Whether it may run in a conference.</summary>
    public bool InConference { get; init; }

    /// <summary>The elements that may stand inside, where the content is <see cref="VerbContent.Parts"/>.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];
}

/// <summary>The verbs. A new one is a file in <c>Verbs/</c> and a line here.</summary>
internal static class VerbTable
{
    private static readonly FrozenDictionary<string, VerbEntry> OnCalls = new VerbEntry[]
    {
        new("Bridge", VerbContent.Text, Bridge.Read) { InTransferAnswer = false },
        new("Conference", VerbContent.Text, Conference.Read) { InTransferAnswer = false },
        new("Echo", VerbContent.Nothing, Echo.Read),
        new("Forward", VerbContent.Nothing, Forward.Read) { InTransferAnswer = false },
        new("Gather", VerbContent.Prompts, Gather.Read),
        new("Hangup", VerbContent.Nothing, Hangup.Read),
        new("Pause", VerbContent.Nothing, Pause.Read),
        new("PauseRecording", VerbContent.Nothing, PauseRecording.Read) { InConference = true },
        new("PlayAudio", VerbContent.Text, PlayAudio.Read) { IsPrompt = true, InConference = true },
        new("Record", VerbContent.Nothing, Record.Read),
        new("Redirect", VerbContent.Nothing, Redirect.Read),
        new("Refer", VerbContent.Parts, Refer.Read) { Parts = ["SipUri"], InTransferAnswer = false },
        new("ResumeRecording", VerbContent.Nothing, ResumeRecording.Read) { InConference = true },
        new("Ring", VerbContent.Nothing, Ring.Read),
        new("SendDtmf", VerbContent.Text, SendDtmf.Read),
        new("SpeakSentence", VerbContent.Speech, SpeakSentence.Read) { IsPrompt = true, InConference = true },
        new("StartGather", VerbContent.Nothing, StartGather.Read),
        new("StartRecording", VerbContent.Nothing, StartRecording.Read) { InConference = true },
        new("StartStream", VerbContent.Parts, StartStream.Read) { Parts = [StartStream.Parameter] },
        new("StartTranscription", VerbContent.Parts, StartTranscription.Read) { Parts = [StartTranscription.Parameter] },
        new("StopGather", VerbContent.Nothing, StopGather.Read),
        new("StopRecording", VerbContent.Nothing, StopRecording.Read) { InConference = true },
        new("StopStream", VerbContent.Nothing, StopStream.Read),
        new("StopTranscription", VerbContent.Nothing, StopTranscription.Read),
        new("Tag", VerbContent.Text, Tag.Read),
        new("Transfer", VerbContent.Parts, Transfer.Read) { Parts = ["PhoneNumber", "SipUri"], InTransferAnswer = false },
    }.ToFrozenDictionary(entry => entry.Name);

    private static readonly FrozenDictionary<string, VerbEntry> InTransferAnswer = Where(entry => entry.InTransferAnswer);

    private static readonly FrozenDictionary<string, VerbEntry> InConferences = Where(entry => entry.InConference);

    private static readonly FrozenSet<string> Unsupported = FrozenSet.ToFrozenSet(["Connect"]);

    /// <summary>The verbs that a document may hold there, by name.</summary>
    public static FrozenDictionary<string, VerbEntry> For(BxmlContext context) => context switch
    {
        BxmlContext.TransferAnswer => InTransferAnswer,
        BxmlContext.Conference => InConferences,
        BxmlContext.Call => OnCalls,
        _ => throw new ArgumentOutOfRangeException(nameof(context), context, "No such context."),
    };

    /// <summary>Whether it is a verb, wherever that may stand.</summary>
    public static bool Has(string name) => OnCalls.ContainsKey(name);

    /// <summary>Whether the API has the verb, but this version has not.</summary>
    public static bool IsUnsupported(string name) => Unsupported.Contains(name);

    private static FrozenDictionary<string, VerbEntry> Where(Func<VerbEntry, bool> condition) =>
        OnCalls.Values.Where(condition).ToFrozenDictionary(entry => entry.Name);
}
