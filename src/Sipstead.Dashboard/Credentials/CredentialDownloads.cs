using System.Globalization;
using CsvHelper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sipstead.Dashboard.Accounts;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Audit;
using Sipstead.Provisioning.Credentials;

namespace Sipstead.Dashboard.Credentials;

/// <summary>Credentials as a CSV file, for who is signed in with a role in the account. Hashes only when asked for, and for who may write.</summary>
internal static class CredentialDownloads
{
    private const string Realm = "realm";
    private const string Text = "text";
    private const string Application = "application";
    private const string Hashes = "hashes";

    private static readonly string[] HashColumns =
    [
        CsvForm.Hash1, CsvForm.Hash1b, CsvForm.Hash1Sha256, CsvForm.Hash1bSha256, CsvForm.Hash1Sha512256, CsvForm.Hash1bSha512256,
    ];

    /// <summary>Maps the download.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/accounts/{accountId:long}/credentials.csv", SendAsync).RequireAuthorization();

    /// <summary>The path of a download of what a search finds.</summary>
    public static string Path(long accountId, SipCredentialSearch search, bool withHashes)
    {
        var query = new QueryBuilder();
        if (search.RealmId is { } realm) query.Add(Realm, realm.ToString(CultureInfo.InvariantCulture));
        if (!string.IsNullOrEmpty(search.Text)) query.Add(Text, search.Text);
        if (search.ApplicationId is { } application) query.Add(Application, application.ToString("D"));
        if (withHashes) query.Add(Hashes, "true");
        return string.Create(CultureInfo.InvariantCulture, $"/accounts/{accountId}/credentials.csv{query}");
    }

    /// <summary>Writes the file, a row at a time.</summary>
    public static async Task WriteAsync(Stream output, IAsyncEnumerable<SipCredentialRow> rows, bool withHashes, CancellationToken cancellationToken)
    {
        await using var csv = CsvWriter.Create(output, CsvForm.Writing, leaveOpen: true);
        await WriteRowAsync([
            CsvForm.UserName, CsvForm.Realm, CsvForm.ApplicationId, CsvForm.ApplicationName, CsvForm.Id, .. withHashes ? HashColumns : []]);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            var credential = row.Credential;
            await WriteRowAsync([
                credential.UserName, credential.RealmFqdn, credential.HttpVoiceV2AppId, row.ApplicationName, credential.Id.ToString(CultureInfo.InvariantCulture),
                .. withHashes ? HashesOf(credential) : []]);
        }

        async Task WriteRowAsync(IEnumerable<string?> cells)
        {
            foreach (var cell in cells) csv.WriteField(cell);
            await csv.EndRecordAsync(cancellationToken);
        }
    }

    private static string?[] HashesOf(SipCredentialDetails credential) =>
    [
        credential.Hash1, credential.Hash1b, credential.Sha.Hash1Sha256, credential.Sha.Hash1bSha256, credential.Sha.Hash1Sha512256, credential.Sha.Hash1bSha512256,
    ];

    private static async Task SendAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var accountId = long.Parse((string)context.Request.RouteValues["accountId"]!, CultureInfo.InvariantCulture);
        var query = context.Request.Query;
        var withHashes = query[Hashes] == "true";
        var accounts = services.GetRequiredService<AccountService>();
        if (!await RequestRole.ExistsAsync(context, accounts, accountId, withHashes ? ApiRole.Write : ApiRole.Read))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Sipstead.Dashboard");
        if (withHashes)
        {
            DashboardLog.HashesExported(log, context.User.Identity!.Name!, accountId);
            await services.GetRequiredService<AuditService>().RecordAsync(
                accountId, AuditAction.Export, AuditKind.Credential, null, null, [], context.RequestAborted);
        }

        var search = new SipCredentialSearch
        {
            RealmId = long.TryParse(query[Realm], NumberStyles.None, CultureInfo.InvariantCulture, out var realm) ? realm : null, Text = query[Text],
            ApplicationId = Guid.TryParse(query[Application], out var application) ? application : null,
        };
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"credentials-{accountId}.csv\"");
        context.Response.Headers.CacheControl = "no-store";
        var rows = services.GetRequiredService<SipCredentialService>().ExportAsync(accountId, search, context.RequestAborted);
        await WriteAsync(context.Response.Body, rows, withHashes, context.RequestAborted);
    }
}
