using System.Globalization;
using System.Xml;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Api;
using Sipstead.Provisioning.Audit;
using Sipstead.Provisioning.View;
using Sipstead.Registrar.Gruus;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Transport;

namespace Sipstead.Registrar.Api;

/// <summary>
/// The live registrations of a realm and of a credential over HTTP (ruling 26), in the form of the contract's lists: <c>page</c> is the first id, without it
/// 303 to the first page. An addition of ours: Bandwidth's API has nothing like it.
/// </summary>
public sealed class RegistrationEndpoints
{
    private const string Root = "RegistrationsResponse";
    private const int MaximumPageSize = 100_000;

    private readonly NamedResources _named;
    private readonly RegistrarService _registrar;
    private readonly ProvisioningView _view;
    private readonly ProvisioningOptions _options;
    private readonly AuditService _audit;

    private RegistrationEndpoints(IServiceProvider services)
    {
        _named = new NamedResources(services);
        _registrar = services.GetRequiredService<RegistrarService>();
        _view = services.GetRequiredService<ProvisioningView>();
        _options = services.GetRequiredService<ProvisioningOptions>();
        _audit = services.GetRequiredService<AuditService>();
    }

    /// <summary>Finds registrations from an id on, at most so many.</summary>
    private delegate IReadOnlyList<Binding> BindingSource(long firstId, int limit);

    /// <summary>Maps the resources.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var endpoints = new RegistrationEndpoints(routes.ServiceProvider);
        MapList(routes, "realms/{realm}/registrations", endpoints.FindRealmAsync);
        MapList(routes, "realms/{realm}/sipcredentials/{credential}/registrations", endpoints.FindCredentialAsync);

        void MapList(IEndpointRouteBuilder to, string pattern, Func<AccountRequest, Task<ProvisioningResult<BindingSource>>> find)
        {
            AccountApi.Map(to, pattern, AccountMethod.Get(Root, request => endpoints.ListAsync(request, find)));
            AccountApi.Map(to, pattern + "/{registration}", AccountMethod.Delete(Root, request => endpoints.DeleteAsync(request, find)));
        }
    }

    private async Task<ProvisioningResult<BindingSource>> FindRealmAsync(AccountRequest request)
    {
        var realm = await _named.FindRealmAsync(request).ConfigureAwait(false);
        if (!realm.IsSuccess) return realm.Error;
        return (BindingSource)((firstId, limit) => _registrar.FindInRealm(realm.Value.Id, firstId, limit));
    }

    private async Task<ProvisioningResult<BindingSource>> FindCredentialAsync(AccountRequest request)
    {
        var credential = await _named.FindCredentialAsync(request).ConfigureAwait(false);
        if (!credential.IsSuccess) return credential.Error;
        return (BindingSource)((firstId, limit) =>
            _registrar.Find(credential.Value.Id).Where(binding => binding.Id >= firstId).OrderBy(binding => binding.Id).Take(limit).ToList());
    }

    private async Task<ApiResult> ListAsync(AccountRequest request, Func<AccountRequest, Task<ProvisioningResult<BindingSource>>> find)
    {
        var source = await find(request).ConfigureAwait(false);
        if (!source.IsSuccess) return ApiResult.Error(source.Error);
        if (!PageRequest.TryRead(request, MaximumPageSize, _options.RedirectFirstPage, out var page, out var answer)) return answer;
        var found = source.Value(page.FirstId, page.Size + 1); // one more tells whether there is a next page
        long? next = found.Count > page.Size ? found[^1].Id : null;
        return ApiResult.Xml(StatusCodes.Status200OK, writer =>
        {
            page.WriteLinks(writer, next);
            writer.WriteElement("Registrations", list =>
            {
                foreach (var binding in found.Take(page.Size)) Write(list, binding);
            });
        });
    }

    private async Task<ApiResult> DeleteAsync(AccountRequest request, Func<AccountRequest, Task<ProvisioningResult<BindingSource>>> find)
    {
        var source = await find(request).ConfigureAwait(false);
        if (!source.IsSuccess) return ApiResult.Error(source.Error);
        var reference = request.Argument("registration");
        var found = long.TryParse(reference, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? source.Value(id, 1) : [];
        if (found.Count == 0 || found[0].Id != id)
            return ApiResult.Error(StatusCodes.Status404NotFound, null, $"Registration '{reference}' was not found; it may have expired");
        try
        {
            _registrar.Remove(found[0]);
            await RecordRemovalAsync(request.AccountId, found[0]).ConfigureAwait(false);
            return ApiResult.Empty(StatusCodes.Status200OK);
        }
        catch (IOException)
        {
            return ApiResult.Error(StatusCodes.Status503ServiceUnavailable, null, "Service is Unavailable");
        }
    }

    /// <summary>Told before the answer, whether its client waits for it or not.</summary>
    private Task RecordRemovalAsync(long accountId, Binding binding)
    {
        var userName = _view.Credentials.TryGetUserName(binding.CredentialId, out var name) ? name : null;
        return _audit.RecordAsync(
            accountId, AuditAction.Delete, AuditKind.Registration, binding.Id.ToString(CultureInfo.InvariantCulture), userName,
            [new AuditChange("contact", binding.Contact, null), new AuditChange("received", binding.Flow.Source.ToString(), null)], CancellationToken.None);
    }

    /// <summary>What calls this device alone; null for one without an instance.</summary>
    private string? PublicGruuOf(Binding binding, string? userName) =>
        binding.GruuEpoch != 0 && binding.Instance is { } instance && userName is not null && _view.Realms.TryFind(binding.RealmId, out var realm)
            ? PublicGruu.Of(userName, realm.Fqdn, instance) : null;

    private void Write(XmlWriter list, Binding binding) => list.WriteElement("Registration", writer =>
    {
        var userName = _view.Credentials.TryGetUserName(binding.CredentialId, out var name) ? name : null;
        writer.WriteNumber("Id", binding.Id);
        writer.WriteText("UserName", userName);
        writer.WriteText("Contact", binding.Contact);
        writer.WriteText("Received", binding.Flow.Source.ToString());
        writer.WriteText("Transport", binding.Flow.Transport.Token());
        writer.WriteBoolean("Reachable", binding.Reachable);
        writer.WriteNumber("ExpiresIn", binding.ExpiresIn);
        writer.WriteText("Q", binding.Q?.ToString("0.###", CultureInfo.InvariantCulture));
        writer.WriteText("UserAgent", binding.UserAgent.Length > 0 ? binding.UserAgent : null);
        writer.WriteText("CallId", binding.CallId);
        writer.WriteNumber("CSeq", binding.CSeq);
        writer.WriteText("Instance", binding.Instance);
        writer.WriteNumber("RegId", binding.RegId);
        writer.WriteText("PublicGruu", PublicGruuOf(binding, userName));
        writer.WriteText("Path", binding.Path.Count > 0 ? string.Join(", ", binding.Path) : null);
        writer.WriteText("RegisteredAt", ApiTime.Format(binding.RegisteredAt));
    });
}
