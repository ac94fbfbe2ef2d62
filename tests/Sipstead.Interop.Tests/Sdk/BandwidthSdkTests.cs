namespace Sipstead.Interop.Tests.Sdk;

/// <summary>
/// npm bandwidth-sdk, Bandwidth's current client, drives every operation of the Voice API that there is, with all verbs that its builder writes; only its
/// base path is changed.
/// </summary>
public sealed class BandwidthSdkTests(SdkServer server) : ScriptTests(server, "bandwidth-sdk.mjs", "bandwidth-sdk")
{
    private readonly SdkServer _server = server;

    [Theory]
    [InlineData("createCall: 201 with JSON")]
    [InlineData("createCall: echoes the request, passwords masked")]
    [InlineData("createCall: callUrl is base path, account and call")]
    [InlineData("createCall: Location is callUrl")]
    [InlineData("createCall: callId is c-, 8 hex, UUID: 47 characters")]
    [InlineData("createCall: enqueuedTime is ISO 8601 in UTC")]
    [InlineData("createCall: priority 1 goes before priority 5")]
    [InlineData("createCall: 400, no answerUrl")]
    [InlineData("createCall: 400, no to")]
    [InlineData("createCall: 400, no from")]
    [InlineData("createCall: 400, no applicationId")]
    [InlineData("createCall: 400, from is no number")]
    [InlineData("createCall: 400, the application is unknown")]
    [InlineData("createCall: 400, answerUrl is no web address")]
    [InlineData("createCall: 400, answerMethod is none")]
    [InlineData("createCall: 400, callTimeout is too long")]
    [InlineData("createCall: 400, callbackTimeout is too short")]
    [InlineData("createCall: 400, priority is out of range")]
    [InlineData("createCall: 400, uui of a telephone number")]
    [InlineData("createCall: 400, machineDetection has no callbackUrl")]
    [InlineData("createCall: 400, tag is too long")]
    [InlineData("createCall: 400, to is no number and no SIP URI")]
    [InlineData("createCall: 401 with a wrong password")]
    [InlineData("createCall: 403 for who may only read")]
    [InlineData("createCall: 403 for an account of others")]
    public Task CreateCall(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("getCallState: an answered call is whole")]
    [InlineData("getCallState: times are ISO 8601 in UTC")]
    [InlineData("getCallState: the times are those of the webhook")]
    [InlineData("getCallState: an ended call")]
    [InlineData("getCallState: holds no null")]
    [InlineData("getCallState: an unknown call is 404")]
    [InlineData("getCallState: a ringing call has no answerTime and no null")]
    [InlineData("getCallState: cause and error of a busy call are those of the webhook")]
    [InlineData("getCallState: a call that was not answered holds no null")]
    [InlineData("getCallState: a queued call has no startTime and no null")]
    [InlineData("getCallState: 401 comes before 404")]
    [InlineData("getCallState: 403 for an account of others")]
    public Task GetCallState(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("listCalls: 200 and one page")]
    [InlineData("listCalls: oldest first")]
    [InlineData("listCalls: an entry is what getCallState tells")]
    [InlineData("listCalls: holds no null")]
    [InlineData("listCalls: pageSize 0 is 400")]
    [InlineData("listCalls: pageSize 10001 is 400")]
    [InlineData("listCalls: a foreign pageToken is 400")]
    [InlineData("listCalls: a time that is none is 400")]
    [InlineData("listCalls: filter to")]
    [InlineData("listCalls: filter to leaves some out")]
    [InlineData("listCalls: filter from, with its plus sign")]
    [InlineData("listCalls: filter from, with its plus sign leaves some out")]
    [InlineData("listCalls: filter disconnectCause")]
    [InlineData("listCalls: filter disconnectCause leaves some out")]
    [InlineData("listCalls: filter minStartTime, inclusive")]
    [InlineData("listCalls: filter minStartTime, inclusive leaves some out")]
    [InlineData("listCalls: filter maxStartTime, inclusive")]
    [InlineData("listCalls: filter maxStartTime, inclusive leaves some out")]
    [InlineData("listCalls: filters together")]
    [InlineData("listCalls: filters together leaves some out")]
    [InlineData("listCalls: nothing found is an empty list")]
    [InlineData("listCalls: the pages hold each call once, in order")]
    [InlineData("listCalls: pages are full but the last")]
    [InlineData("listCalls: Link is the same request with a pageToken")]
    [InlineData("listCalls: who may only read may")]
    public Task ListCalls(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("updateCall: a redirect answers 200 without a body")]
    [InlineData("updateCall: redirect with credentials and the new tag")]
    [InlineData("updateCall: the fallback after 500, with its own method and credentials")]
    [InlineData("updateCall: without state it is a redirect, and an empty tag clears")]
    [InlineData("updateCall: state null is 400")]
    [InlineData("updateCall: active without redirectUrl is 400")]
    [InlineData("updateCall: an unknown state is 400")]
    [InlineData("updateCall: after refusals the call goes on")]
    [InlineData("updateCall: an unknown call is 404")]
    [InlineData("updateCall: completed answers 200, whatever else is told")]
    [InlineData("updateCall: completed hangs up")]
    [InlineData("updateCall: an ended call is 409")]
    [InlineData("updateCall: an ended call cannot be completed")]
    [InlineData("updateCall: redirecting a ringing call is 409")]
    [InlineData("updateCall: a ringing call can be completed")]
    [InlineData("updateCall: redirecting a queued call is 409")]
    [InlineData("updateCall: a queued call can be completed")]
    [InlineData("updateCall: 403 comes before 404")]
    public Task UpdateCall(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("updateCallBxml: 204 without a body")]
    [InlineData("updateCallBxml: the document runs, its relative URL is below the last webhook")]
    [InlineData("updateCallBxml: an invalid document is 400")]
    [InlineData("updateCallBxml: no XML is 400")]
    [InlineData("updateCallBxml: an unknown call is 404")]
    [InlineData("updateCallBxml: an ended call is 409")]
    [InlineData("updateCallBxml: a ringing call is 409")]
    [InlineData("updateCallBxml: 403 for who may only read")]
    public Task UpdateCallBxml(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("getStatistics: an empty queue")]
    [InlineData("getStatistics: counts the calls that wait")]
    public Task GetStatistics(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("webhooks: none holds null")]
    [InlineData("webhooks: direction is outbound, but inbound where a phone called")]
    [InlineData("webhooks: every time is ISO 8601 in UTC")]
    [InlineData("answer: POST of JSON with the credentials of createCall")]
    [InlineData("answer: the properties of the call")]
    [InlineData("answer: times are ISO 8601 in UTC")]
    [InlineData("disconnect: after Hangup, by GET, with the credentials of createCall")]
    [InlineData("disconnect: the tag and answerTime that the call had")]
    [InlineData("disconnect: no error without one")]
    [InlineData("disconnect: the party hangs up")]
    [InlineData("disconnect: a completed ringing call is cancelled")]
    [InlineData("disconnect: a busy phone")]
    [InlineData("disconnect: no device is registered")]
    [InlineData("disconnect: callTimeout is over")]
    [InlineData("answer: the fallback gets the same event by its own method and credentials")]
    [InlineData("disconnect: a document without verbs hangs up")]
    [InlineData("disconnect: a document that is not valid")]
    [InlineData("disconnect: a webhook that failed")]
    [InlineData("disconnect: a queued call is cancelled")]
    public Task Webhooks(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("Redirect: relative URL, credentials of the verb")]
    [InlineData("Redirect: event and tag")]
    [InlineData("PlayAudio: fetched with the credentials of the verb")]
    [InlineData("Gather: event, digits and terminating digit")]
    [InlineData("Gather: the tag of the verb")]
    [InlineData("Gather: GET sends the properties as a query")]
    public Task Verbs(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("errors: the body has type, description and id")]
    [InlineData("errors: an unknown path is 404 in the same form")]
    [InlineData("errors: the body is JSON, the id of a validation error null")]
    public Task Errors(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("conferenceCreated: the properties of the conference, and the credentials of the verb")]
    [InlineData("conferenceMemberJoin: the member")]
    [InlineData("getConference: the conference")]
    [InlineData("getConference: createdTime is ISO 8601 in UTC, nothing is null")]
    [InlineData("getConference: its members")]
    [InlineData("getConferenceMember: is the same")]
    [InlineData("listConferences: by name, without members")]
    [InlineData("listConferences: times are inclusive")]
    [InlineData("listConferences: nothing found is an empty list")]
    [InlineData("updateConferenceMember: mute alone")]
    [InlineData("updateConferenceMember: hold alone")]
    [InlineData("updateConferenceMember: whom it coaches")]
    [InlineData("updateConferenceMember: null leaves the list")]
    [InlineData("updateConferenceMember: an empty list ends coaching")]
    [InlineData("conferences: an unknown conference is 404")]
    [InlineData("listConferenceRecordings: of an unknown conference is an empty list")]
    [InlineData("conferences: an unknown member is 404")]
    [InlineData("conferences: an unknown recording is 404")]
    [InlineData("updateConference: active without redirectUrl is 400")]
    [InlineData("updateConferenceBxml: other verbs than the six are 400")]
    [InlineData("updateConferenceBxml: 204 without a body")]
    [InlineData("listConferenceRecordings: the recording")]
    [InlineData("getConferenceRecording: is the same")]
    [InlineData("conferenceRecordingAvailable: tells the same")]
    [InlineData("downloadConferenceRecording: a WAV file")]
    [InlineData("updateConference: a redirect is 204")]
    [InlineData("conferenceRedirect: with the credentials of the request")]
    [InlineData("conferenceMemberExit: who left")]
    [InlineData("updateConference: completed is 204")]
    [InlineData("updateConference: completed, the members go on with the next verb")]
    [InlineData("getConference: a completed one has a completedTime and no members")]
    public Task Conferences(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("recordingAvailable: of StartRecording, with its credentials and tag")]
    [InlineData("recordComplete: of Record, told by the file too")]
    [InlineData("updateCallRecordingState: 200 without a body")]
    [InlineData("listCallRecordings: one that is under way")]
    [InlineData("updateCallRecordingState: an unknown state is 400")]
    [InlineData("listCallRecordings: what the webhooks told")]
    [InlineData("listCallRecordings: whose they are")]
    [InlineData("listCallRecordings: holds no null")]
    [InlineData("recordings: a pause is not in the duration")]
    [InlineData("getCallRecording: is the same")]
    [InlineData("listAccountCallRecordings: of a caller and a called party")]
    [InlineData("listAccountCallRecordings: from a time on, and before it")]
    [InlineData("listCallRecordings: of an unknown call is an empty list")]
    [InlineData("getCallRecording: an unknown one is 404")]
    [InlineData("downloadCallRecording: a WAV file of two channels")]
    [InlineData("deleteRecordingMedia: 204 without a body")]
    [InlineData("deleteRecordingMedia: the media is 404, the rest stays")]
    [InlineData("deleteRecording: 204 without a body")]
    [InlineData("deleteRecording: nothing is left")]
    public Task Recordings(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("transcriptionAvailable: of StartRecording")]
    [InlineData("getCallRecording: with its transcription")]
    [InlineData("getRecordingTranscription: one transcript of each channel")]
    [InlineData("getRecordingTranscription: clips with times")]
    [InlineData("deleteRecordingTranscription: 204 without a body")]
    [InlineData("getRecordingTranscription: 404 after it")]
    [InlineData("transcribeCallRecording: 204 without a body")]
    [InlineData("transcribeCallRecording: its webhook has its credentials and tag")]
    public Task Transcriptions(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("realTimeTranscriptionAvailable: the transcription, with the credentials of events")]
    [InlineData("listRealTimeTranscriptions: of the call")]
    [InlineData("getRealTimeTranscription: what the phone heard")]
    [InlineData("deleteRealTimeTranscription: 200 without a body")]
    [InlineData("getRealTimeTranscription: 404 after it")]
    public Task LiveTranscription(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("dtmf: a key, with the credentials and the tag of StartGather")]
    [InlineData("mediaStreamStarted: the stream, with the credentials of events")]
    [InlineData("mediaStreamRejected: a second of the name")]
    [InlineData("mediaStreamStopped: by StopStream")]
    [InlineData("mediaStreamStopped: duration is ISO 8601")]
    [InlineData("StartStream: the upgrade has the credentials of the destination")]
    [InlineData("StartStream: the start message")]
    [InlineData("StopStream: the stop message is the last")]
    [InlineData("StartStream: between them media of what the phone hears; it says nothing itself")]
    [InlineData("StartStream: 20 ms each")]
    public Task KeysAndStreams(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("transferAnswer: the leg that answered, with its own credentials")]
    [InlineData("transferAnswer: is of another call")]
    [InlineData("transferDisconnect: of the leg that hung up")]
    [InlineData("transferDisconnect: of the leg that lost")]
    [InlineData("transferComplete: of the leg that answered, with the credentials of the verb")]
    [InlineData("transferComplete: the party hung up")]
    [InlineData("transferComplete: a busy party")]
    [InlineData("bridgeComplete: the target left")]
    [InlineData("bridgeTargetComplete: who bridged left")]
    [InlineData("initiate: a phone calls")]
    [InlineData("Forward: the application hears of the end alone")]
    [InlineData("disconnect: of a call that came in")]
    public Task Connecting(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("BXML: the server takes every verb of the builder, with all that it writes")]
    [InlineData("BXML: no verb of the builder is left out")]
    [InlineData("responses: each is what its model describes")]
    [InlineData("responses: every operation succeeded")]
    [InlineData("webhooks: each kind came")]
    [InlineData("webhooks: each is what its model describes")]
    public Task Models(string fact) => HoldsAsync(fact);

    [Fact]
    public async Task Phone_SeesNameNumberAndUserToUser()
    {
        await ReportAsync();

        var invite = _server.Phones[0].Invites.First(invite => invite.One("From").Contains("Front", StringComparison.Ordinal));

        Assert.StartsWith("\"Front \\\"Desk\\\"\" <sip:+12025550100@", invite.One("From"), StringComparison.Ordinal);
        Assert.Equal(["c0ffee;encoding=hex", "aGk=;encoding=base64"], invite.All("User-To-User"));
        Assert.False(invite.Has("Privacy"));
    }

    [Fact]
    public async Task Phone_HearsSpeechAndKeys()
    {
        await ReportAsync();

        var audio = _server.Phones[0].Audio;

        Assert.Equal("42#", audio.Digits);
        Assert.True(audio.LoudFrames > 50, $"{audio.LoudFrames} packets with sound came");
    }
}
