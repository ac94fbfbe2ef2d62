using System.Xml;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Api;

/// <summary>The realms of an account over HTTP (contract 4.4).</summary>
internal sealed class RealmEndpoints(RealmService realms)
{
    private const string List = "RealmsResponse";
    private const string Single = "RealmResponse";
    private const string NameElement = "Realm";
    private const string DescriptionElement = "Description";
    private const string DefaultElement = "Default";
    private const string AlgorithmsElement = "DigestAlgorithms";
    private const string EncryptionElement = "MediaEncryption";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = new RealmEndpoints(routes.ServiceProvider.GetRequiredService<RealmService>());
        AccountApi.Map(routes, "realms", AccountMethod.Get(List, endpoints.ListAsync), AccountMethod.Post(Single, endpoints.CreateAsync));
        AccountApi.Map(
            routes,
            "realms/{realm}",
            AccountMethod.Get(Single, endpoints.GetAsync),
            AccountMethod.Put(Single, endpoints.UpdateAsync),
            AccountMethod.Delete(Single, endpoints.DeleteAsync));
    }

    private async Task<ApiResult> ListAsync(AccountRequest request)
    {
        var result = await realms.ListAsync(request.AccountId, request.Parameter("realmfragment"), request.Aborted).ConfigureAwait(false);
        if (!result.IsSuccess) return ApiResult.Error(result.Error);
        return ApiResult.Xml(StatusCodes.Status200OK, writer => writer.WriteElement("Realms", list =>
        {
            foreach (var realm in result.Value) Write(list, realm);
        }));
    }

    private async Task<ApiResult> CreateAsync(AccountRequest request)
    {
        var body = await ReadAsync(request).ConfigureAwait(false);
        if (!body.IsSuccess) return ApiResult.Error(body.Error);
        if (body.Value.ReadBoolean(DefaultElement, out var isDefault) is { } badDefault) return ApiResult.Error(badDefault);
        if (ReadSettings(body.Value, out var algorithms, out var encryption) is { } badSetting) return ApiResult.Error(badSetting);
        var wish = new NewRealm(body.Value.Value(NameElement), body.Value.Value(DescriptionElement), isDefault)
        {
            DigestAlgorithms = algorithms ?? DigestAlgorithms.Md5,
            MediaEncryption = encryption ?? MediaEncryption.Optional,
        };
        var result = await realms.CreateAsync(request.AccountId, wish, request.Aborted).ConfigureAwait(false);
        return result.IsSuccess
            ? ApiResult.Xml(StatusCodes.Status201Created, writer => Write(writer, result.Value), $"{request.Url}/{result.Value.Id}")
            : ApiResult.Error(result.Error);
    }

    private async Task<ApiResult> GetAsync(AccountRequest request)
    {
        var realm = await realms.FindAsync(request.AccountId, request.Argument("realm"), request.Aborted).ConfigureAwait(false);
        return realm is null
            ? ApiResult.Error(StatusCodes.Status404NotFound, null, "The resource does not exist")
            : ApiResult.Xml(StatusCodes.Status200OK, writer => Write(writer, realm));
    }

    private async Task<ApiResult> UpdateAsync(AccountRequest request)
    {
        var body = await ReadAsync(request).ConfigureAwait(false);
        if (!body.IsSuccess) return ApiResult.Error(body.Error);
        if (body.Value.ReadBoolean(DefaultElement, out var isDefault) is { } badDefault) return ApiResult.Error(badDefault);
        if (ReadSettings(body.Value, out var algorithms, out var encryption) is { } badSetting) return ApiResult.Error(badSetting);
        var update = new RealmUpdate(body.Value.Value(NameElement), body.Value.Value(DescriptionElement), isDefault)
        {
            DigestAlgorithms = algorithms,
            MediaEncryption = encryption,
        };
        var result = await realms.UpdateAsync(request.AccountId, request.Argument("realm"), update, request.Aborted).ConfigureAwait(false);
        return result.IsSuccess
            ? ApiResult.Xml(StatusCodes.Status200OK, writer => Write(writer, result.Value))
            : ApiResult.Error(result.Error);
    }

    private async Task<ApiResult> DeleteAsync(AccountRequest request)
    {
        var result = await realms.DeleteAsync(request.AccountId, request.Argument("realm"), request.Aborted).ConfigureAwait(false);
        return result.IsSuccess ? ApiResult.Empty(StatusCodes.Status202Accepted) : ApiResult.Error(result.Error);
    }

    private static async Task<ProvisioningResult<RequestElement>> ReadAsync(AccountRequest request)
    {
        var body = await request.ReadXmlAsync("Realm").ConfigureAwait(false);
        return body.IsSuccess
            && body.Value.CheckSingle(NameElement, DescriptionElement, DefaultElement, AlgorithmsElement, EncryptionElement) is { } error
            ? error
            : body;
    }

    /// <summary>The elements that are ours, null where missing or empty; an error when one is neither that nor a known value.</summary>
    private static ProvisioningError? ReadSettings(RequestElement body, out DigestAlgorithms? algorithms, out MediaEncryption? encryption)
    {
        (algorithms, encryption) = (null, null);
        if (body.Value(AlgorithmsElement) is { Length: > 0 } list && (algorithms = DigestAlgorithmNames.Parse(list)) is null)
        {
            return ProvisioningError.Invalid(
                ErrorCodes.NotValid, $"{AlgorithmsElement} '{list}' is not valid; write some of SHA-512-256,SHA-256,MD5");
        }

        if (body.Value(EncryptionElement) is not { Length: > 0 } text) return null;
        encryption = text.ToUpperInvariant() switch
        {
            "OPTIONAL" => MediaEncryption.Optional,
            "REQUIRED" => MediaEncryption.Required,
            _ => null,
        };
        return encryption is null
            ? ProvisioningError.Invalid(ErrorCodes.NotValid, $"{EncryptionElement} '{text}' is not valid; write Optional or Required")
            : null;
    }

    private static void Write(XmlWriter writer, RealmDetails realm) => writer.WriteElement("Realm", element =>
    {
        element.WriteNumber("Id", realm.Id);
        element.WriteText(NameElement, realm.Fqdn);
        element.WriteText(DescriptionElement, realm.Description);
        element.WriteBoolean(DefaultElement, realm.IsDefault);
        element.WriteNumber("SipCredentialCount", realm.SipCredentialCount);
        element.WriteText("Status", realm.Status switch
        {
            RealmStatus.Active => "ACTIVE",
            RealmStatus.CreatePending => "CREATE_PENDING",
            _ => "DELETE_PENDING",
        });

        // Ours, and shown only where set: other answers are as the contract has them, octet for octet.
        if (realm.DigestAlgorithms != DigestAlgorithms.Md5)
            element.WriteText(AlgorithmsElement, DigestAlgorithmNames.Format(realm.DigestAlgorithms));
        if (realm.MediaEncryption != MediaEncryption.Optional) element.WriteText(EncryptionElement, "Required");
    });
}
