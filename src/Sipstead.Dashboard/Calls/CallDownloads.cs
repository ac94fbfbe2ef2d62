using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sipstead.Dashboard.Accounts;
using Sipstead.Dashboard.Components;
using Sipstead.Provisioning.Accounts;
using Sipstead.Sip.Trace;
using Sipstead.Voice.Calls;

namespace Sipstead.Dashboard.Calls;

/// <summary>A call as a file: a report to read, or its SIP messages for Wireshark. For whoever has a role in its account.</summary>
internal static class CallDownloads
{
    private const string Text = "call.txt";
    private const string Pcap = "call.pcap";

    public static string TextPath(AccountContext account, string callId) => PathOf(account, callId, Text);

    public static string PcapPath(AccountContext account, string callId) => PathOf(account, callId, Pcap);

    /// <summary>Maps the downloads.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        MapFile(Text, TraceText.MediaType, CallReport.Write);
        MapFile(Pcap, TracePcap.MediaType, (output, call) => TracePcap.Write(output, call.Trace));

        void MapFile(string file, string mediaType, Action<IBufferWriter<byte>, CallDetails> write) => routes.MapGet(
            $"/accounts/{{accountId:long}}/calls/{{callId}}/{file}",
            async (HttpContext context, AccountService accounts, CallDirectory calls, long accountId, string callId) =>
            {
                if (!await RequestRole.ExistsAsync(context, accounts, accountId) || calls.Find(accountId, callId) is not { } call) return Results.NotFound();
                return Download.Of(context, mediaType, $"{call.State.CallId}{Path.GetExtension(file)}", output => write(output, call));
            }).RequireAuthorization();
    }

    private static string PathOf(AccountContext account, string callId, string file) => account.Path($"calls/{Uri.EscapeDataString(callId)}/{file}");
}
