namespace Sipstead.Provisioning;

/// <summary>The error codes of the contract (sections 3, 4.4, 5.2 and 7) that the XML API answers with.</summary>
public static class ErrorCodes
{
    /// <summary>An unexpected failure of the server.</summary>
    public const int Internal = 1000;

    /// <summary>The user's role does not allow it.</summary>
    public const int AccessDenied = 1001;

    /// <summary>A required element is missing.</summary>
    public const int Required = 1003;

    /// <summary>A value is not allowed.</summary>
    public const int NotAllowed = 1005;

    /// <summary>A value has the wrong form.</summary>
    public const int NotValid = 1008;

    /// <summary>An element occurs twice.</summary>
    public const int Duplicated = 1009;

    /// <summary>A value is too long.</summary>
    public const int TooLong = 1011;

    /// <summary>A value is too short.</summary>
    public const int TooShort = 1012;

    /// <summary>The request cannot be read.</summary>
    public const int BadRequest = 1019;

    /// <summary>The account does not exist, is locked, or belongs to somebody else (ruling 22).</summary>
    public const int AccountNotFound = 4022;

    /// <summary>No such site.</summary>
    public const int SiteNotFound = 12016;

    /// <summary>Something refers to the application.</summary>
    public const int ApplicationInUse = 12107;

    /// <summary>The realm still has credentials.</summary>
    public const int RealmInUse = 12666;

    /// <summary>A password without its user name.</summary>
    public const int PasswordWithoutUserId = 12800;

    /// <summary>The service type is missing or unknown.</summary>
    public const int BadServiceType = 12801;

    /// <summary>The URL that takes the calls is missing.</summary>
    public const int InboundUrlRequired = 12802;

    /// <summary>A URL has the wrong form.</summary>
    public const int BadUrl = 12803;

    /// <summary>The name of the application is missing.</summary>
    public const int ApplicationNameRequired = 12806;

    /// <summary>A password would be sent in the clear.</summary>
    public const int HttpsRequired = 12812;

    /// <summary>CallbackUrl and MsgCallbackUrl contradict each other.</summary>
    public const int DifferentMessagingUrls = 12960;

    /// <summary>A method is neither GET nor POST.</summary>
    public const int BadCallbackMethod = 12961;

    /// <summary>A field belongs to the other service type.</summary>
    public const int FieldOfOtherServiceType = 12962;

    /// <summary>A method for the status URL, and no status URL.</summary>
    public const int StatusMethodWithoutUrl = 12963;

    /// <summary>The service type cannot be changed.</summary>
    public const int ServiceTypeNotChangeable = 12964;

    /// <summary>Another user name needs its password.</summary>
    public const int UserIdChangedWithoutPassword = 12976;

    /// <summary>A user name without its password.</summary>
    public const int UserIdWithoutPassword = 12977;

    /// <summary>No such application.</summary>
    public const int ApplicationNotFound = 13629;

    /// <summary>The user name occurs twice in one request.</summary>
    public const int CredentialDuplicatedInRequest = 23000;

    /// <summary>A value of a credential is too long.</summary>
    public const int CredentialValueTooLong = 23002;

    /// <summary>The name of a credential cannot be changed (account's API).</summary>
    public const int CredentialNameNotChangeable = 23004;

    /// <summary>Too many entries in one list.</summary>
    public const int TooManyCredentials = 23003;

    /// <summary>An empty list of credentials.</summary>
    public const int NoCredentials = 23006;

    /// <summary>No such credential on the account.</summary>
    public const int AccountCredentialNotFound = 23007;

    /// <summary>The account has no credential.</summary>
    public const int NoCredentialsOnAccount = 23008;

    /// <summary>The name exists on the account (account's API).</summary>
    public const int AccountCredentialExists = 23009;

    /// <summary>A bad page or size.</summary>
    public const int BadPage = 23012;

    /// <summary>A character that a user name must not have.</summary>
    public const int UserNameCharacters = 23014;

    /// <summary>A character that a domain must not have.</summary>
    public const int DomainCharacters = 23015;

    /// <summary>A character that an aggregated user name (user@domain) must not have, or a part missing.</summary>
    public const int AggregatedUserNameCharacters = 23016;

    /// <summary>
    /// The realm in the body is not the realm in the path, or none of the account. Whether another account has it (23017) is not told.
    /// </summary>
    public const int RealmMismatch = 23018;

    /// <summary>The application of a credential is no voice application of the account.</summary>
    public const int CredentialApplicationNotFound = 23019;

    /// <summary>The application id is not a UUID.</summary>
    public const int ApplicationIdNotUuid = 23020;

    /// <summary>No realm is named, and the account has no default realm.</summary>
    public const int NoDefaultRealm = 23021;

    /// <summary>The realm is not ACTIVE.</summary>
    public const int RealmNotActive = 23022;

    /// <summary>No such credential on the realm.</summary>
    public const int CredentialNotFound = 23025;

    /// <summary>The user name exists on the realm.</summary>
    public const int CredentialExists = 23026;

    /// <summary>The user name cannot be changed.</summary>
    public const int UserNameNotChangeable = 23030;

    /// <summary>RealmId is missing.</summary>
    public const int RealmIdRequired = 23031;

    /// <summary>No such realm.</summary>
    public const int RealmNotFound = 33001;

    /// <summary>The realm exists.</summary>
    public const int RealmExists = 33002;

    /// <summary>The realm's name is too long.</summary>
    public const int RealmNameTooLong = 33003;

    /// <summary>The account is not set up for SIP credentials.</summary>
    public const int SipNotEnabled = 33004;

    /// <summary>The name of a realm cannot be changed.</summary>
    public const int RealmNotChangeable = 33005;

    /// <summary>The default realm cannot be deleted.</summary>
    public const int RealmIsDefault = 33006;

    /// <summary>The fragment of a realm name is too short.</summary>
    public const int RealmFragmentTooShort = 33011;

    /// <summary>A character that the name of a realm must not have.</summary>
    public const int RealmNameCharacters = 33013;
}
