using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sipstead.Dashboard.Accounts;
using Sipstead.Provisioning.Accounts;
using Sipstead.Voice.Recordings;

namespace Sipstead.Dashboard.Recordings;

/// <summary>The audio of a recording, to play in parts or to keep whole. For whoever has a role in its account.</summary>
internal static class RecordingDownloads
{
    public static string PathOf(AccountContext account, string recordingId) => account.Path($"recordings/{Uri.EscapeDataString(recordingId)}/media");

    /// <summary>Maps the download.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/accounts/{accountId:long}/recordings/{recordingId}/media", AnswerAsync).RequireAuthorization();

    internal static async Task<IResult> AnswerAsync(HttpContext context, AccountService accounts, RecordingDirectory recordings, long accountId, string recordingId)
    {
        if (!await RequestRole.ExistsAsync(context, accounts, accountId)) return Results.NotFound();
        if (await recordings.FindAsync(accountId, recordingId, context.RequestAborted) is not { } recording) return Results.NotFound();
        if (!recordings.TryOpenMedia(recording, out var media)) return Results.NotFound();
        context.Response.Headers.CacheControl = "no-store";
        return Results.File(media.Content, RecordingWords.MediaTypeOf(recording.Format), media.FileName, enableRangeProcessing: true);
    }
}
