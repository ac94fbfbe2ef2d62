namespace Sipstead.Interop.Tests.Sdk;

/// <summary>npm @bandwidth/voice, the client before, which refuses null where it wants nothing.</summary>
public sealed class BandwidthVoiceTests(SdkServer server) : ScriptTests(server, "bandwidth-voice.mjs", "@bandwidth/voice")
{
    [Theory]
    [InlineData("createCall: 201 without optional fields, defaults in their place")]
    [InlineData("createCall: null is as absent")]
    [InlineData("createCall: 400 has the API's words")]
    [InlineData("createCall: 403 for who may only read")]
    public Task CreateCall(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("getCall: an ended call passes the schema")]
    [InlineData("getCall: a busy call passes the schema")]
    [InlineData("getCall: a ringing call passes the schema and holds no null")]
    [InlineData("getCall: an answered call passes the schema and holds no null")]
    [InlineData("getCall: 401 with a wrong password")]
    [InlineData("getCall: 404")]
    public Task GetCall(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("modifyCall: a ringing call can be completed")]
    [InlineData("modifyCall: a redirect answers 200")]
    [InlineData("modifyCall: the redirect comes")]
    [InlineData("modifyCallBxml: a document in quotes is no XML")]
    [InlineData("modifyCallBxml: the call goes on")]
    [InlineData("modifyCall: completed answers 200")]
    public Task ModifyCall(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("Gather: its builder's document asks for a digit")]
    [InlineData("disconnect: a ringing call is cancelled")]
    [InlineData("disconnect: completed hangs up")]
    public Task WebhooksAndVerbs(string fact) => HoldsAsync(fact);
}
