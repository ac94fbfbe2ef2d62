using System.Xml;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Api;
using Sipstead.Registrar.History;
using Sipstead.Sip.Transport;

namespace Sipstead.Registrar.Api;

/// <summary>
/// The registration history of a realm and of a credential over HTTP, newest first: why does my phone not register? <c>page</c> is the id to go on below,
/// without it the list begins with the newest. An addition of ours: Bandwidth's API has nothing like it.
/// </summary>
public sealed class RegistrationAttemptEndpoints
{
    private const string Root = "RegistrationAttemptsResponse";
    private const int MaximumPageSize = 1_000;

    private readonly NamedResources _named;
    private readonly RegistrationHistory _history;

    private RegistrationAttemptEndpoints(IServiceProvider services)
    {
        _named = new NamedResources(services);
        _history = services.GetRequiredService<RegistrarService>().History;
    }

    /// <summary>Finds attempts with a number below one, at most so many.</summary>
    private delegate IReadOnlyList<RegistrationAttempt> AttemptSource(long below, int limit);

    /// <summary>Maps the resources.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var endpoints = new RegistrationAttemptEndpoints(routes.ServiceProvider);
        MapList("realms/{realm}/registrationattempts", endpoints.FindRealmAsync);
        MapList("realms/{realm}/sipcredentials/{credential}/registrationattempts", endpoints.FindCredentialAsync);

        void MapList(string pattern, Func<AccountRequest, Task<ProvisioningResult<AttemptSource>>> find) =>
            AccountApi.Map(routes, pattern, AccountMethod.Get(Root, request => ListAsync(request, find)));
    }

    private async Task<ProvisioningResult<AttemptSource>> FindRealmAsync(AccountRequest request)
    {
        var realm = await _named.FindRealmAsync(request).ConfigureAwait(false);
        if (!realm.IsSuccess) return realm.Error;
        return (AttemptSource)((below, limit) => _history.OfRealm(realm.Value.Id, below, limit));
    }

    private async Task<ProvisioningResult<AttemptSource>> FindCredentialAsync(AccountRequest request)
    {
        var credential = await _named.FindCredentialAsync(request).ConfigureAwait(false);
        if (!credential.IsSuccess) return credential.Error;
        return (AttemptSource)((below, limit) => _history.OfCredential(credential.Value.Id, below, limit));
    }

    private static async Task<ApiResult> ListAsync(AccountRequest request, Func<AccountRequest, Task<ProvisioningResult<AttemptSource>>> find)
    {
        var source = await find(request).ConfigureAwait(false);
        if (!source.IsSuccess) return ApiResult.Error(source.Error);
        if (!PageRequest.TryRead(request, MaximumPageSize, redirectFirstPage: false, out var page, out var answer)) return answer;
        var below = page.FirstId == 1 ? long.MaxValue : page.FirstId; // nothing is below the first entry, so that 1 is free for the start
        var found = source.Value(below, page.Size + 1); // one more tells whether there is a next page
        long? next = found.Count > page.Size ? found[page.Size - 1].Number : null;
        return ApiResult.Xml(StatusCodes.Status200OK, writer =>
        {
            page.WriteLinks(writer, next);
            writer.WriteElement("RegistrationAttempts", list =>
            {
                foreach (var attempt in found.Take(page.Size)) Write(list, attempt);
            });
        });
    }

    private static void Write(XmlWriter list, RegistrationAttempt attempt) => list.WriteElement("RegistrationAttempt", writer =>
    {
        writer.WriteNumber("Id", attempt.Number);
        writer.WriteText("At", ApiTime.Format(attempt.At));
        writer.WriteText("UserName", NullWhenEmpty(attempt.UserName));
        writer.WriteNumber("CredentialId", attempt.CredentialId == 0 ? null : attempt.CredentialId);
        writer.WriteText("Source", attempt.Source.ToString());
        writer.WriteText("Transport", attempt.Transport.Token());
        writer.WriteText("UserAgent", NullWhenEmpty(attempt.UserAgent));
        writer.WriteText("Contact", NullWhenEmpty(attempt.Contact));
        writer.WriteText("Outcome", attempt.Outcome.ToString());
        writer.WriteNumber("Status", attempt.Status);
        writer.WriteText("Reason", RegistrationOutcomes.ReasonOf(attempt.Outcome));
        writer.WriteText("Advice", RegistrationOutcomes.AdviceOf(attempt.Outcome));
    });

    private static string? NullWhenEmpty(string text) => text.Length == 0 ? null : text;
}
