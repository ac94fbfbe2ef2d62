using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sipstead.Dashboard.Accounts;
using Sipstead.Dashboard.Components;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Credentials;
using Sipstead.Sip.Trace;

namespace Sipstead.Dashboard.Trace;

/// <summary>The SIP messages of a device as a file, to read or for Wireshark. For whoever has a role in its account.</summary>
internal static class TraceDownloads
{
    private const string Text = "trace.txt";
    private const string Pcap = "trace.pcap";

    public static string TextPath(AccountContext account, long credentialId) => PathOf(account, credentialId, Text);

    public static string PcapPath(AccountContext account, long credentialId) => PathOf(account, credentialId, Pcap);

    /// <summary>Maps the downloads.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        MapFile(Text, TraceText.MediaType, TraceText.Write);
        MapFile(Pcap, TracePcap.MediaType, TracePcap.Write);

        void MapFile(string file, string mediaType, Action<IBufferWriter<byte>, IEnumerable<TracedMessage>> write) => routes.MapGet(
            $"/accounts/{{accountId:long}}/credentials/{{credentialId:long}}/{file}",
            async (HttpContext context, AccountService accounts, SipCredentialService credentials, SipTrace trace, long accountId, long credentialId) =>
            {
                if (!await RequestRole.ExistsAsync(context, accounts, accountId)) return Results.NotFound();
                if (await credentials.FindAsync(accountId, credentialId, context.RequestAborted) is null) return Results.NotFound();
                var name = string.Create(CultureInfo.InvariantCulture, $"credential-{credentialId}{Path.GetExtension(file)}");
                return Download.Of(context, mediaType, name, output => write(output, trace.OfCredential(credentialId)));
            }).RequireAuthorization();
    }

    private static string PathOf(AccountContext account, long credentialId, string file) =>
        account.Path(string.Create(CultureInfo.InvariantCulture, $"credentials/{credentialId}/{file}"));
}
