using System.Text.Json;
using Sipstead.Media.Detection;
using Sipstead.Provisioning.Api;
using Sipstead.Voice.Api;
using Sipstead.Voice.Detection;

namespace Sipstead.Voice.Tests.Api;

/// <summary>machineDetection of createCall: defaults, ranges and the words of errors (voice-api.md 4.6).</summary>
public sealed class MachineDetectionFieldsTests
{
    [Fact]
    public void Absent_IsNone()
    {
        Assert.Null(Read("""{"a":1}""", out _));
        Assert.Null(Read("""{"machineDetection":null}""", out var error));
        Assert.Null(error);
    }

    [Fact]
    public void Defaults_AreThoseOfTheApi_AndNullIsAsAbsent()
    {
        var expected = new MachineRules(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), WaitsForEnd: false);
        var detection = Read("""{"machineDetection":{"mode":"sync","machineSpeechEndThreshold":null,"callbackUrl":null,"delayResult":null}}""", out var error)!;
        Assert.Null(error);
        Assert.Equal(new MachineDetection(expected, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15), null), detection);
    }

    [Fact]
    public void EveryField_IsKept()
    {
        var detection = Read(
            """
            {"machineDetection":{"detectionTimeout":30,"silenceTimeout":4.5,"speechThreshold":3,"speechEndThreshold":2,"delayResult":true,
            "callbackUrl":"http://a.example/m","callbackMethod":"GET","username":"u","password":"p","fallbackUrl":"http://b.example/m","fallbackMethod":"GET",
            "fallbackUsername":"v","fallbackPassword":"q"}}
            """, out var error)!;
        Assert.Null(error);
        Assert.Equal(new MachineRules(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), WaitsForEnd: true), detection.Rules);
        Assert.Equal((30, 4.5), (detection.Timeout.TotalSeconds, detection.SilenceTimeout.TotalSeconds));
        Assert.Equal(("http://a.example/m", true, "u"), (detection.Targets!.Primary.Url.AbsoluteUri, detection.Targets.Primary.IsGet, detection.Targets.Primary.Credentials!.UserName));
        Assert.Equal(("http://b.example/m", true, "q"), (detection.Targets.Fallback!.Url.AbsoluteUri, detection.Targets.Fallback.IsGet, detection.Targets.Fallback.Credentials!.Password));
    }

    [Theory]
    [InlineData("true", "Invalid machineDetection: must be an object")]
    [InlineData("{}", "Invalid machineDetection: callbackUrl is required in mode async")]
    [InlineData("""{"mode":"both"}""", "Invalid machineDetection: Invalid mode. Supported modes: [sync, async]")]
    [InlineData("""{"mode":"sync","detectionTimeout":0}""", "Invalid machineDetection: detectionTimeout must be within the range [0.1, 300], but was 0")]
    [InlineData("""{"mode":"sync","silenceTimeout":301}""", "Invalid machineDetection: silenceTimeout must be within the range [0.1, 300], but was 301")]
    [InlineData("""{"mode":"sync","speechThreshold":"5"}""", "Invalid machineDetection: Invalid speechThreshold: must be a number")]
    [InlineData("""{"mode":"sync","delayResult":1}""", "Invalid machineDetection: Invalid delayResult: must be true or false")]
    [InlineData("""{"callbackUrl":"ftp://a/"}""", "Invalid machineDetection: Invalid callbackUrl: only http and https are allowed")]
    [InlineData("""{"callbackUrl":"http://a/","username":"u"}""", "Invalid machineDetection: Invalid username: username and password go together")]
    public void WhatIsWrong_IsSaid(string value, string expected)
    {
        Read($$"""{"machineDetection":{{value}}}""", out var error);
        Assert.Equal(expected, error);
    }

    private static MachineDetection? Read(string json, out string? error)
    {
        var fields = new JsonFields(JsonElement.Parse(json));
        var detection = MachineDetectionFields.Read(fields, httpsOnly: false);
        error = fields.Error;
        return detection;
    }
}
