using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Dashboard.Recordings;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Recordings;
using Sipstead.Testing;

namespace Sipstead.Dashboard.Tests.Recordings;

/// <summary>Who gets the audio of a recording, and how much of it.</summary>
public sealed class RecordingDownloadsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whole_IsAFile_ThatNobodyKeeps()
    {
        await using var harness = await RecordingsHarness.OpenAsync();
        var recording = await harness.AddAsync(harness.Some(), 500);

        var answer = await AskAsync(harness, recording.RecordingId);

        Assert.Equal((200, "audio/wav", 500L), (answer.StatusCode, answer.ContentType, answer.Body.Length));
        Assert.Equal("attachment; filename=r-001.wav; filename*=UTF-8''r-001.wav", answer.Headers.ContentDisposition);
        Assert.Equal("no-store", answer.Headers.CacheControl);
    }

    [Fact]
    public async Task Range_IsAnsweredWithThatPart()
    {
        await using var harness = await RecordingsHarness.OpenAsync();
        var recording = await harness.AddAsync(harness.Some(), 500);

        var part = await AskAsync(harness, recording.RecordingId, range: "bytes=100-149");
        var behind = await AskAsync(harness, recording.RecordingId, range: "bytes=500-");

        Assert.Equal((206, "bytes 100-149/500", 50L), (part.StatusCode, part.Headers.ContentRange.ToString(), part.Body.Length));
        Assert.Equal(416, behind.StatusCode);
    }

    [Theory]
    [InlineData(ServerSetup.UserName, ServerSetup.Account, "r-404")]
    [InlineData(ServerSetup.UserName, 2, "r-001")]
    [InlineData(ServerSetup.UserName, 404, "r-001")]
    [InlineData(ServerSetup.UserName, ServerSetup.Account, "r-002")]
    [InlineData(ServerSetup.UserName, ServerSetup.Account, "r-003")]
    [InlineData("nobody", ServerSetup.Account, "r-001")]
    public async Task S_57_RecordingOfOthers_IsDownloadedByNobody(string user, long account, string recordingId)
    {
        await using var harness = await RecordingsHarness.OpenAsync();
        await harness.AddAccountAsync(2);
        await harness.AddAsync(harness.Some(1));
        await harness.AddAsync(harness.Some(2) with { AccountId = 2 });
        await harness.AddAsync(harness.Some(3) with { Status = RecordingStatus.Processing, EndTime = null });

        var answer = await AskAsync(harness, recordingId, user, account);

        Assert.Equal((404, 0L), (answer.StatusCode, answer.Body.Length));
    }

    private static async Task<HttpResponse> AskAsync(
        RecordingsHarness harness, string recordingId, string user = ServerSetup.UserName, long account = ServerSetup.Account, string? range = null)
    {
        var context = new DefaultHttpContext
        {
            RequestServices = harness.Services, User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, user)], "test")), RequestAborted = Cancel,
        };
        context.Request.Method = "GET";
        context.Request.Headers.Range = range;
        context.Response.Body = new MemoryStream();
        var result = await RecordingDownloads.AnswerAsync(context, harness.Services.GetRequiredService<AccountService>(), harness.Directory, account, recordingId);
        await result.ExecuteAsync(context);
        return context.Response;
    }
}
