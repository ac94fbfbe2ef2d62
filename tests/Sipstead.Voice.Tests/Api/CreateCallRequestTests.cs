using System.Text.Json;
using System.Text.Json.Nodes;
using Sipstead.Provisioning.Api;
using Sipstead.Voice.Api;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Tests.Api;

/// <summary>The body of createCall: fields, defaults, limits and the words of errors (voice-api.md 2, 4.1).</summary>
public sealed class CreateCallRequestTests
{
    private const string Required = """
        "from":"+12025550100","to":"sip:+alice@office.example","applicationId":"0f0e0d0c-0b0a-0908-0706-050403020100","answerUrl":"http://app.example/answer"
        """;

    [Fact]
    public void Read_RequiredOnly_HasTheDefaults()
    {
        var call = Read("{" + Required + "}", out _)!;

        Assert.Equal(TimeSpan.FromSeconds(30), call.CallTimeout);
        Assert.Equal(TimeSpan.FromSeconds(15), call.Callbacks.Timeout);
        Assert.Equal(5, call.Priority);
        Assert.False(call.Callbacks.Begin!.IsGet);
        Assert.Null(call.Callbacks.BeginFallback);
        Assert.Null(call.Callbacks.Disconnect);
        Assert.Null(call.Tag);
        Assert.Empty(call.UserToUser);
    }

    [Fact]
    public void Read_NullEverywhere_IsAsAbsent()
    {
        var call = Read(
            "{" + Required + """
            ,"answerMethod":null,"username":null,"password":null,"answerFallbackUrl":null,"answerFallbackMethod":null,"fallbackUsername":null,
            "fallbackPassword":null,"disconnectUrl":null,"disconnectMethod":null,"callTimeout":null,"callbackTimeout":null,"displayName":null,"privacy":null,
            "uui":null,"machineDetection":null,"priority":null,"tag":null}
            """, out var error);

        Assert.Null(error);
        Assert.NotNull(call);
    }

    [Fact]
    public void Read_EveryField_IsKept()
    {
        var call = Read(
            "{" + Required + """
            ,"answerMethod":"GET","username":"u","password":"p","answerFallbackUrl":"https://b.example/f","answerFallbackMethod":"GET","fallbackUsername":"v",
            "fallbackPassword":"q","disconnectUrl":"http://app.example/end","disconnectMethod":"GET","callTimeout":12.5,"callbackTimeout":7.5,
            "displayName":"Front \"Desk\"","uui":"aGk=;encoding=base64,00ff;encoding=hex","priority":1,"tag":"t1","unknown":{"is":"ignored"}}
            """, out _)!;

        Assert.True(call.Callbacks.Begin!.IsGet);
        Assert.Equal(("u", "p"), (call.Callbacks.Begin.Credentials!.UserName, call.Callbacks.Begin.Credentials.Password));
        Assert.Equal("https://b.example/f", call.Callbacks.BeginFallback!.Url.AbsoluteUri);
        Assert.Equal("q", call.Callbacks.BeginFallback.Credentials!.Password);
        Assert.True(call.Callbacks.Disconnect!.IsGet);
        Assert.Equal("u", call.Callbacks.Disconnect.Credentials!.UserName);
        Assert.Equal(12.5, call.CallTimeout.TotalSeconds);
        Assert.Equal(7.5, call.Callbacks.Timeout.TotalSeconds);
        Assert.Equal(["aGk=;encoding=base64", "00ff;encoding=hex"], call.UserToUser);
        Assert.Equal((1, "t1", "Front \"Desk\""), (call.Priority, call.Tag, call.DisplayName));
    }

    [Theory]
    [InlineData("from")]
    [InlineData("to")]
    [InlineData("answerUrl")]
    [InlineData("applicationId")]
    public void Read_WithoutARequiredField_NamesThemAll(string missing)
    {
        var body = "{" + Required.Replace($"\"{missing}\"", "\"x\"", StringComparison.Ordinal) + "}";
        Assert.Equal("Missing at least one required field. Required fields are [from, to, answerUrl, applicationId]", ErrorOf(body));
    }

    [Theory]
    [InlineData("to", "\"not a phone number\"", "Invalid to: must be an E164 telephone number or a SIP URI")]
    [InlineData("to", "\"+1invalid\"", "Invalid to: must be an E164 telephone number or a SIP URI")]
    [InlineData("to", "\"sip:office.example\"", "Invalid to: must be an E164 telephone number or a SIP URI")]
    [InlineData("from", "\"alice\"", "Invalid from: must be an E164 telephone number")]
    [InlineData("answerUrl", "\"ftp://app.example/\"", "Invalid answerUrl: only http and https are allowed")]
    [InlineData("answerUrl", "\"/answer\"", "Invalid answerUrl: only http and https are allowed")]
    [InlineData("answerUrl", "\"\"", "Invalid answerUrl: only http and https are allowed")]
    [InlineData("answerMethod", "\"PUT\"", "Invalid answerUrl method. Supported methods: [POST, GET]")]
    [InlineData("callTimeout", "0.5", "callTimeout must be within the range [1, 300], but was 0.5")]
    [InlineData("callTimeout", "301", "callTimeout must be within the range [1, 300], but was 301")]
    [InlineData("callTimeout", "\"30\"", "Invalid callTimeout: must be a number")]
    [InlineData("callbackTimeout", "26", "callbackTimeout must be within the range [1, 25], but was 26")]
    [InlineData("priority", "6", "priority must be within the range [1, 5], but was 6")]
    [InlineData("priority", "1.5", "Invalid priority: must be a whole number")]
    [InlineData("privacy", "\"yes\"", "Invalid privacy: must be true or false")]
    [InlineData("displayName", "\"a\\u0007b\"", "Invalid displayName: control characters are not allowed")]
    [InlineData("uui", "\"plain\"", "Invalid uui: values of the form value;encoding=jwt, base64 or hex, separated by commas")]
    [InlineData("username", "\"u\"", "Invalid username: username and password go together")]
    public void Read_BadField_IsNamedInTheApisWords(string field, string value, string expected)
    {
        var body = JsonNode.Parse("{" + Required + "}")!.AsObject();
        body[field] = JsonNode.Parse(value);
        Assert.Equal(expected, ErrorOf(body.ToJsonString()));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("300", 300)]
    public void Read_CallTimeoutAtItsLimits_IsTaken(string value, double expected) =>
        Assert.Equal(expected, Read("{" + Required + ",\"callTimeout\":" + value + "}", out _)!.CallTimeout.TotalSeconds);

    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void Read_Tag_HasAtMost4096Characters(int length, bool isTaken)
    {
        var error = ErrorOf("{" + Required + ",\"tag\":\"" + new string('t', length) + "\"}");
        Assert.Equal(isTaken ? null : "Could not create call: sendCallback tag must contain at most 4096 characters", error);
    }

    [Fact]
    public void Read_PrivacyWithAnotherName_IsRefused()
    {
        Assert.StartsWith("Invalid displayName: with privacy", ErrorOf("{" + Required + ""","privacy":true,"displayName":"Alice"}"""), StringComparison.Ordinal);
        Assert.Null(ErrorOf("{" + Required + ""","privacy":true,"displayName":"Restricted"}"""));
    }

    [Fact]
    public void Read_CredentialsOverHttp_AreRefusedWhereHttpsIsRequired()
    {
        var fields = new JsonFields(JsonDocument.Parse("{" + Required + ""","username":"u","password":"p"}""").RootElement);
        Assert.Null(CreateCallRequest.Read(fields, 1, "", new VoiceOptions { RequireHttpsWithCredentials = true }));
        Assert.Equal("Invalid answerUrl: https is required with credentials", fields.Error);
    }

    private static string? ErrorOf(string body)
    {
        Read(body, out var error);
        return error;
    }

    private static NewCall? Read(string body, out string? error)
    {
        var fields = new JsonFields(JsonDocument.Parse(body).RootElement);
        var call = CreateCallRequest.Read(fields, 9_900_000, "http://host/api/v2", new VoiceOptions());
        error = fields.Error;
        return call;
    }
}
