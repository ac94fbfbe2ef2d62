using System.Xml;
using Microsoft.AspNetCore.Http;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Api;

/// <summary>In which of the two APIs a credential is read and shown.</summary>
internal enum SipCredentialForm
{
    /// <summary>The realm's API: a user name is whole, and <c>Domain</c> is no element of it.</summary>
    OfRealm,

    /// <summary>The account's older API: a domain that was given apart is shown apart.</summary>
    OfAccount,
}

/// <summary>The elements of SIP credentials (contract 5).</summary>
internal static class SipCredentialXml
{
    public const int MaximumPageSize = 5000;

    private const string ListElement = "SipCredentials";
    private const string EntryElement = "SipCredential";
    private const string DomainElement = "Domain";

    /// <summary>Ours (RFC 8760).</summary>
    private static readonly string[] ShaElements =
    [
        nameof(ShaHashes.Hash1Sha256), nameof(ShaHashes.Hash1bSha256), nameof(ShaHashes.Hash1Sha512256), nameof(ShaHashes.Hash1bSha512256),
    ];

    private static readonly string[] Fields =
    [
        "UserName", DomainElement, "Hash1", "Hash1b", "RealmId", "Realm", "HttpVoiceV2AppId", .. ShaElements,
    ];

    /// <summary>What a list is asked for.</summary>
    public static SipCredentialQuery ReadQuery(AccountRequest request, PageRequest page) => new()
    {
        FirstId = page.FirstId,
        FirstUserName = page.FirstName,
        Size = page.Size,
        UserNameFragment = request.Parameter("userNamefragment"),
        DomainFragment = request.Parameter("domainfragment"),
        ApplicationNameFragment = request.Parameter("applicationNameFragment"),
        RealmFragment = request.Parameter("realmFragment"),
    };

    /// <summary>The entries of a bulk request.</summary>
    public static async Task<ProvisioningResult<IReadOnlyList<NewSipCredential>>> ReadListAsync(AccountRequest request, SipCredentialForm form)
    {
        var body = await request.ReadXmlAsync(ListElement).ConfigureAwait(false);
        if (!body.IsSuccess) return body.Error;
        var elements = body.Value.Children.Where(c => c.Name == EntryElement).ToList();
        return elements.Select(e => e.CheckSingle(Fields)).FirstOrDefault(e => e is not null) is { } error
            ? error
            : elements.ConvertAll(element => ReadEntry(element, form));
    }

    /// <summary>A rotation.</summary>
    public static async Task<ProvisioningResult<SipCredentialUpdate>> ReadUpdateAsync(AccountRequest request)
    {
        var body = await request.ReadXmlAsync(EntryElement).ConfigureAwait(false);
        if (!body.IsSuccess) return body.Error;
        if (body.Value.CheckSingle(Fields) is { } error) return error;
        return new SipCredentialUpdate
        {
            UserName = body.Value.Value("UserName"),
            Domain = body.Value.Value(DomainElement),
            RealmId = body.Value.Value("RealmId"),
            Realm = body.Value.Value("Realm"),
            Hash1 = body.Value.Value("Hash1"),
            Hash1b = body.Value.Value("Hash1b"),
            Sha = ReadSha(body.Value),
            HttpVoiceV2AppId = body.Value.Value("HttpVoiceV2AppId"),
        };
    }

    /// <summary>A page of a list.</summary>
    public static ApiResult Page(PageRequest request, SipCredentialPage page, SipCredentialForm form) =>
        ApiResult.Xml(StatusCodes.Status200OK, writer =>
        {
            request.WriteLinks(writer, page.NextId);
            writer.WriteElement(ListElement, list => WriteAll(list, page.Credentials, form));
        });

    /// <summary>201 when something was stored, else 400; what was not is told either way (contract 5.2).</summary>
    public static ApiResult Batch(SipCredentialBatch batch, SipCredentialForm form)
    {
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
            writer.WriteElement("ValidSipCredentials", list => WriteAll(list, batch.Created, form));
        });
    }

    /// <summary>Elements of ours only in realms that offer their algorithm: what other clients see is as the contract has it.</summary>
    public static void Write(XmlWriter writer, SipCredentialDetails credential, SipCredentialForm form) => writer.WriteElement(EntryElement, element =>
    {
        var isSplit = credential.HasDomain && form == SipCredentialForm.OfAccount;
        var at = isSplit ? credential.UserName.IndexOf('@', StringComparison.Ordinal) : credential.UserName.Length;
        element.WriteNumber("Id", credential.Id);
        element.WriteNumber("RealmId", credential.RealmId);
        element.WriteText("UserName", credential.UserName[..at]);
        element.WriteText(DomainElement, isSplit ? credential.UserName[(at + 1)..] : null);
        element.WriteText("Hash1", credential.Hash1);
        element.WriteText("Hash1b", credential.Hash1b);
        if (credential.RealmAlgorithms.HasFlag(DigestAlgorithms.Sha256))
        {
            element.WriteText(nameof(ShaHashes.Hash1Sha256), credential.Sha.Hash1Sha256);
            element.WriteText(nameof(ShaHashes.Hash1bSha256), credential.Sha.Hash1bSha256);
        }

        if (credential.RealmAlgorithms.HasFlag(DigestAlgorithms.Sha512256))
        {
            element.WriteText(nameof(ShaHashes.Hash1Sha512256), credential.Sha.Hash1Sha512256);
            element.WriteText(nameof(ShaHashes.Hash1bSha512256), credential.Sha.Hash1bSha512256);
        }

        element.WriteText("Realm", credential.RealmFqdn);
        element.WriteText("HttpVoiceV2AppId", credential.HttpVoiceV2AppId);
    });

    private static NewSipCredential ReadEntry(RequestElement entry, SipCredentialForm form) => new()
    {
        UserName = entry.Value("UserName"),
        Domain = form == SipCredentialForm.OfAccount ? entry.Value(DomainElement) : null,
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
            echo.WriteText(DomainElement, rejected.Entry.Domain);
            echo.WriteText("Realm", rejected.Entry.Realm);
            echo.WriteText("HttpVoiceV2AppId", rejected.Entry.HttpVoiceV2AppId);
        });
    }

    private static void WriteAll(XmlWriter writer, IReadOnlyList<SipCredentialDetails> all, SipCredentialForm form)
    {
        foreach (var credential in all) Write(writer, credential, form);
    }
}
