using System.Text;
using Sipstead.Media.Audio;
using Sipstead.Testing;
using Sipstead.Testing.Webhooks;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Bxml.Runs;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Tests.Harness;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Tests.Conferences;

/// <summary>What is played into a conference: documents queue, and what fails is skipped (bxml.md 7.4).</summary>
public sealed class ConferenceBxmlTests : ConferenceTest
{
    [Fact]
    public async Task AnswerToAnEvent_IsHeardByAllNotOnHold()
    {
        SpeakTones();
        Voice.Catcher.Answer("/conference", request =>
            request.EventType == "conferenceMemberJoin" && request["to"]!.Contains("bob", StringComparison.Ordinal)
                ? CatcherAnswer.Bxml("<Response><SpeakSentence>1000</SpeakSentence></Response>")
                : CatcherAnswer.Bxml("<Response/>"));
        var alice = await JoinAsync("alice");
        var held = await JoinAsync("held", "hold=\"true\"");
        var bob = await JoinAsync("bob", "mute=\"true\"");
        await RunsAsync("SpeakSentence");

        Talk();

        Assert.Equal((true, true, false), (alice.Hears(1000), bob.Hears(1000), held.Hears(1000)));
    }

    [Fact]
    public async Task Documents_RunOneAfterTheOther_AndAFailingVerbIsSkipped()
    {
        SpeakTones(frames: 60);
        var alice = await JoinAsync("alice");
        var conference = Live();
        Voice.Catcher.Answer("/gone.wav", CatcherAnswer.Of(404));
        await AddAsync(conference, $"<PlayAudio>{Voice.Catcher.Url("/gone.wav")}</PlayAudio><SpeakSentence>440</SpeakSentence>");
        await AddAsync(conference, "<SpeakSentence>broken</SpeakSentence><SpeakSentence>1000</SpeakSentence>");

        await RunsAsync("SpeakSentence");
        Talk(40);
        Assert.Equal((true, false), (alice.Hears(440), alice.Hears(1000)));
        Talk(21);
        await RunsAsync("SpeakSentence", document: 1, verb: 1);
        Talk(40);
        Assert.Equal((false, true), (alice.Hears(440), alice.Hears(1000)));
        Talk(21);
        await Poll.UntilAsync("the end of all", () => Task.FromResult(Runs(conference).All(run => run.Verbs.All(verb => verb.End != VerbEnd.None))), Cancel);
        Assert.Equal(
            ["PlayAudio EndedCall", "SpeakSentence Done", "SpeakSentence EndedCall", "SpeakSentence Done"],
            Runs(conference).SelectMany(run => run.Verbs).Select(verb => $"{verb.Name} {verb.End}"));
    }

    [Fact]
    public async Task Redirect_AsksTheOtherUrl_AndItsFallback()
    {
        Voice.Catcher.Answer("/next", CatcherAnswer.Of(500));
        Voice.Catcher.AnswerBxml("/fallback", "<Bxml><SpeakSentence>440</SpeakSentence></Bxml>");
        await JoinAsync("alice");

        Assert.True(await Live().RedirectAsync(new CallbackTargets(Voice.Target("/next"), new WebhookTarget(Voice.Catcher.Url("/fallback"), IsGet: true, null))));

        var redirect = (await EventsAsync(1, "/fallback"))[0];
        Assert.Equal(("GET", "conferenceRedirect", "room"), (redirect.Method, redirect.EventType, redirect["name"]));
        await RunsAsync("SpeakSentence");
        Assert.Equal("/fallback", Live().DocumentUrl!.AbsolutePath);
        Assert.Equal(2, Events().Count);
    }

    [Theory]
    [InlineData("<Response><Hangup/></Response>")]
    [InlineData("<Response><SpeakSentence>440</SpeakSentence><Gather/></Response>")]
    [InlineData("no XML")]
    public async Task AnswerThatIsInvalid_HasNoEffect_AndIsKept(string answer)
    {
        Voice.Catcher.AnswerInTurn("/conference", CatcherAnswer.Bxml(answer), CatcherAnswer.NoContent);
        var alice = await JoinAsync("alice");
        await EventsAsync(2);
        await Poll.UntilAsync("the document", () => Task.FromResult(Runs(Live()).Count == 1), Cancel);
        Assert.NotNull(Runs(Live())[0].Error);
        Assert.Empty(Runs(Live())[0].Verbs);
        Assert.NotNull(InWhich(alice));
    }

    [Fact]
    public async Task End_StopsWhatPlays_AndDropsWhatWaits()
    {
        await JoinAsync("alice", behind: "<Pause duration=\"86400\"/>");
        SpeakTones();
        var conference = Live();
        await AddAsync(conference, "<SpeakSentence>440</SpeakSentence><SpeakSentence>440</SpeakSentence>");
        await AddAsync(conference, "<SpeakSentence>440</SpeakSentence>");
        await RunsAsync("SpeakSentence");

        await conference.CompleteAsync();

        await Poll.UntilAsync("the end of the verb", () => Task.FromResult(Runs(conference)[0].Verbs[0].End != VerbEnd.None), Cancel);
        Assert.Single(Runs(conference)[0].Verbs);
        Assert.Empty(Runs(conference)[1].Verbs);
        Assert.False(await conference.AddBxmlAsync(Given("<SpeakSentence>440</SpeakSentence>")));
        Assert.False(await conference.RedirectAsync(new CallbackTargets(Voice.Target("/next"), null)));
    }

    [Fact]
    public async Task DocumentsBeyondTheBound_AreRefused()
    {
        await JoinAsync("alice");
        SpeakTones();
        var conference = Live();
        for (var i = 0; i <= ConferenceDocuments.MaxWaiting; i++) await AddAsync(conference, "<SpeakSentence>440</SpeakSentence>"); // the first runs
        Assert.False(await conference.AddBxmlAsync(Given("<SpeakSentence>440</SpeakSentence>")));
        Assert.Equal(1, Voice.Meters["sipstead.voice.conferences.documents.dropped"]);
    }

    [Fact]
    public void VerbsOfConferences_AreThoseThatCanRunThere() => Assert.All(
        VerbTable.For(BxmlContext.Conference).Keys,
        name => Assert.True(typeof(IConferenceVerb).IsAssignableFrom(typeof(VerbTable).Assembly.GetType($"Sipstead.Voice.Bxml.Verbs.{name}")), name));

    /// <summary>Texts are frequencies.</summary>
    private void SpeakTones(int frames = 5_000) => Voice.Speech.Speak = (request, _) =>
    {
        if (!int.TryParse(request.Ssml, out var frequency)) throw new InvalidOperationException(request.Ssml);
        var samples = new short[frames * AudioFormat.FrameSamples];
        for (var i = 0; i < samples.Length; i++) samples[i] = (short)(6_000 * Math.Sin(2 * Math.PI * frequency * i / AudioFormat.SampleRate));
        return new(new AudioResult(new AudioClip(samples), null));
    };

    private static GivenBxml Given(string verbs)
    {
        var octets = Encoding.UTF8.GetBytes($"<Bxml>{verbs}</Bxml>");
        return new GivenBxml(BxmlReader.Read(octets, null, BxmlContext.Conference).Document!, octets);
    }

    private static async Task AddAsync(Conference conference, string verbs) => Assert.True(await conference.AddBxmlAsync(Given(verbs)));

    private IReadOnlyList<BxmlRun> Runs(Conference conference) => Voice.ConferenceDirectory.Find(VoiceHarness.Account, conference.Id)!.Documents;

    /// <summary>Waits until a verb of the conference runs, and its audio plays.</summary>
    private async Task RunsAsync(string name, int document = 0, int? verb = null)
    {
        var conference = Live();
        await Poll.UntilAsync(
            $"{name} to run",
            () => Task.FromResult(
                Runs(conference).Skip(document).SelectMany(run => run.Verbs).Skip(verb ?? 0).FirstOrDefault(one => one.End == VerbEnd.None)?.Name == name), Cancel);
        await conference.Mailbox.AskAsync(() => true);
    }
}
