using System.Xml;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Api;

/// <summary>The SIP credentials of a realm over HTTP (contract 5.2, 5.3).</summary>
internal sealed class SipCredentialEndpoints(RealmService realms, SipCredentialService credentials, ProvisioningOptions options)
{
    private const string List = "SipCredentialsResponse";
    private const string Single = "SipCredentialResponse";
    private const string ListElement = "SipCredentials";
    private const string EntryElement = "SipCredential";
    private const int MaximumPageSize = 5000;

    /// <summary>Ours (RFC 8760).</summary>
    private static readonly string[] ShaElements =
    [
        nameof(ShaHashes.Hash1Sha256), nameof(ShaHashes.Hash1bSha256), nameof(ShaHashes.Hash1Sha512256), nameof(ShaHashes.Hash1bSha512256),
    ];

    private static readonly string[] Fields =
    [
        "UserName", "Hash1", "Hash1b", "RealmId", "Realm", "HttpVoiceV2AppId", .. ShaElements,
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var endpoints = new SipCredentialEndpoints(
            services.GetRequiredService<RealmService>(),
            services.GetRequiredService<SipCredentialService>(),
            services.GetRequiredService<ProvisioningOptions>());
        AccountApi.Map(
            routes,
            "realms/{realm}/sipcredentials",
            AccountMethod.Get(List, endpoints.OnRealm(endpoints.ListAsync)),
            AccountMethod.Post(List, endpoints.OnRealm(endpoints.CreateAsync)));
        AccountApi.Map(
            routes,
            "realms/{realm}/sipcredentials/{credential}",
            AccountMethod.Get(Single, endpoints.OnRealm(endpoints.GetAsync)),
            AccountMethod.Put(Single, endpoints.OnRealm(endpoints.UpdateAsync)),
            AccountMethod.Delete(Single, endpoints.OnRealm(endpoints.DeleteAsync)));
    }

    private Func<AccountRequest, Task<ApiResult>> OnRealm(Func<AccountRequest, RealmDetails, Task<ApiResult>> answer) => async request =>
    {
        var reference = request.Argument("realm");
        var realm = await realms.FindAsync(request.AccountId, reference, request.Aborted).ConfigureAwait(false);
        return realm is null
            ? ApiResult.Error(RealmService.NotFound(reference))
            : await answer(request, realm).ConfigureAwait(false);
    };

    private async Task<ApiResult> ListAsync(AccountRequest request, RealmDetails realm)
    {
        if (!PageRequest.TryRead(request, MaximumPageSize, options.RedirectFirstPage, out var page, out var answer)) return answer;
        var query = new SipCredentialQuery
        {
            FirstId = page.FirstId,
            FirstUserName = page.FirstName,
            Size = page.Size,
            UserNameFragment = request.Parameter("userNamefragment"),
            ApplicationNameFragment = request.Parameter("applicationNameFragment"),
            RealmFragment = request.Parameter("realmFragment"),
        };
        var result = await credentials.ListAsync(realm, query, request.Aborted).ConfigureAwait(false);
        if (!result.IsSuccess) return ApiResult.Error(result.Error);
        return ApiResult.Xml(StatusCodes.Status200OK, writer =>
        {
            page.WriteLinks(writer, result.Value.NextId);
            writer.WriteElement(ListElement, list => WriteAll(list, realm, result.Value.Credentials));
        });
    }

    private async Task<ApiResult> CreateAsync(AccountRequest request, RealmDetails realm)
    {
        var body = await request.ReadXmlAsync(ListElement).ConfigureAwait(false);
        if (!body.IsSuccess) return ApiResult.Error(body.Error);
        var elements = body.Value.Children.Where(c => c.Name == EntryElement).ToList();
        if (elements.Select(e => e.CheckSingle(Fields)).FirstOrDefault(e => e is not null) is { } error) return ApiResult.Error(error);

        var result = await credentials.CreateAsync(realm, elements.ConvertAll(ReadEntry), request.Aborted).ConfigureAwait(false);
        if (!result.IsSuccess) return ApiResult.Error(result.Error);
        var batch = result.Value;
        if (batch.Created.Count == 0)
        {
            return ApiResult.Error(
                StatusCodes.Status400BadRequest,
                null,
                "Please check your input parameters.",
                writer => WriteErrors(writer, batch.Rejected));
        }

        return ApiResult.Xml(StatusCodes.Status201Created, writer =>
        {
            if (batch.Rejected.Count > 0) WriteErrors(writer, batch.Rejected);
            writer.WriteElement("ValidSipCredentials", list => WriteAll(list, realm, batch.Created));
        });
    }

    private async Task<ApiResult> GetAsync(AccountRequest request, RealmDetails realm)
    {
        var reference = request.Argument("credential");
        var credential = await credentials.FindAsync(realm, reference, request.Aborted).ConfigureAwait(false);
        return credential is null
            ? ApiResult.Error(SipCredentialService.NotFound(realm, reference))
            : ApiResult.Xml(StatusCodes.Status200OK, writer => Write(writer, realm, credential));
    }

    private async Task<ApiResult> UpdateAsync(AccountRequest request, RealmDetails realm)
    {
        var body = await request.ReadXmlAsync(EntryElement).ConfigureAwait(false);
        if (!body.IsSuccess) return ApiResult.Error(body.Error);
        if (body.Value.CheckSingle(Fields) is { } error) return ApiResult.Error(error);
        var update = new SipCredentialUpdate
        {
            UserName = body.Value.Value("UserName"),
            RealmId = body.Value.Value("RealmId"),
            Realm = body.Value.Value("Realm"),
            Hash1 = body.Value.Value("Hash1"),
            Hash1b = body.Value.Value("Hash1b"),
            Sha = ReadSha(body.Value),
            HttpVoiceV2AppId = body.Value.Value("HttpVoiceV2AppId"),
        };
        var result = await credentials.UpdateAsync(realm, request.Argument("credential"), update, request.Aborted).ConfigureAwait(false);
        return result.IsSuccess
            ? ApiResult.Xml(StatusCodes.Status200OK, writer => Write(writer, realm, result.Value))
            : ApiResult.Error(result.Error);
    }

    private async Task<ApiResult> DeleteAsync(AccountRequest request, RealmDetails realm)
    {
        var result = await credentials.DeleteAsync(realm, request.Argument("credential"), request.Aborted).ConfigureAwait(false);
        return result.IsSuccess ? ApiResult.Empty(StatusCodes.Status200OK) : ApiResult.Error(result.Error);
    }

    private static NewSipCredential ReadEntry(RequestElement entry) => new()
    {
        UserName = entry.Value("UserName"),
        Hash1 = entry.Value("Hash1"),
        Hash1b = entry.Value("Hash1b"),
        Sha = ReadSha(entry) ?? ShaHashes.None,
        RealmId = entry.Value("RealmId"),
        Realm = entry.Value("Realm"),
        HttpVoiceV2AppId = entry.Value("HttpVoiceV2AppId"),
    };

    /// <summary>Null when none of the elements is there.</summary>
    private static ShaHashes? ReadSha(RequestElement entry) => ShaElements.All(name => entry.Child(name) is null) ? null : new ShaHashes
    {
        Hash1Sha256 = entry.Value(nameof(ShaHashes.Hash1Sha256)),
        Hash1bSha256 = entry.Value(nameof(ShaHashes.Hash1bSha256)),
        Hash1Sha512256 = entry.Value(nameof(ShaHashes.Hash1Sha512256)),
        Hash1bSha512256 = entry.Value(nameof(ShaHashes.Hash1bSha512256)),
    };

    /// <summary>The entries as submitted, without their hashes: a Hash1 is a password equivalent (contract 3).</summary>
    private static void WriteErrors(XmlWriter writer, IReadOnlyList<RejectedSipCredential> rejected) =>
        writer.WriteElement("Errors", errors =>
        {
            foreach (var one in rejected) errors.WriteElement("Error", error => WriteError(error, one));
        });

    private static void WriteError(XmlWriter writer, RejectedSipCredential rejected)
    {
        writer.WriteNumber("ErrorCode", rejected.Error.Code);
        writer.WriteText("Description", rejected.Error.Description);
        writer.WriteElement(EntryElement, echo =>
        {
            echo.WriteText("RealmId", rejected.Entry.RealmId);
            echo.WriteText("UserName", rejected.Entry.UserName);
            echo.WriteText("Realm", rejected.Entry.Realm);
            echo.WriteText("HttpVoiceV2AppId", rejected.Entry.HttpVoiceV2AppId);
        });
    }

    private static void WriteAll(XmlWriter writer, RealmDetails realm, IReadOnlyList<SipCredentialDetails> all)
    {
        foreach (var credential in all) Write(writer, realm, credential);
    }

    /// <summary>Elements of ours only in realms that offer their algorithm: what other clients see is as the contract has it.</summary>
    private static void Write(XmlWriter writer, RealmDetails realm, SipCredentialDetails credential) => writer.WriteElement(EntryElement, element =>
    {
        element.WriteNumber("Id", credential.Id);
        element.WriteNumber("RealmId", credential.RealmId);
        element.WriteText("UserName", credential.UserName);
        element.WriteText("Hash1", credential.Hash1);
        element.WriteText("Hash1b", credential.Hash1b);
        if (realm.DigestAlgorithms.HasFlag(DigestAlgorithms.Sha256))
        {
            element.WriteText(nameof(ShaHashes.Hash1Sha256), credential.Sha.Hash1Sha256);
            element.WriteText(nameof(ShaHashes.Hash1bSha256), credential.Sha.Hash1bSha256);
        }

        if (realm.DigestAlgorithms.HasFlag(DigestAlgorithms.Sha512256))
        {
            element.WriteText(nameof(ShaHashes.Hash1Sha512256), credential.Sha.Hash1Sha512256);
            element.WriteText(nameof(ShaHashes.Hash1bSha512256), credential.Sha.Hash1bSha512256);
        }

        element.WriteText("Realm", credential.RealmFqdn);
        element.WriteText("HttpVoiceV2AppId", credential.HttpVoiceV2AppId);
    });
}
