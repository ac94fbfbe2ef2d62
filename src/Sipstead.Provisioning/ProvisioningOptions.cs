using System.Net;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning;

/// <summary>The settings of accounts, realms, applications and their API. Immutable; the defaults work.</summary>
public sealed record ProvisioningOptions
{
    /// <summary>The folder of the database file. Default <c>./data</c>.</summary>
    public string DataDirectory { get; init; } = "data";

    /// <summary>
    /// The connection string of a PostgreSQL database; null (default) is SQLite in <see cref="DataDirectory"/>. It may hold a password and is
    /// never shown.
    /// </summary>
    public string? Database { get; init; }

    /// <summary>The domain under which realms get their names. Default <c>auth.sipstead.localhost</c>.</summary>
    public string BaseDomain { get; init; } = "auth.sipstead.localhost";

    /// <summary>
    /// How a realm's fully qualified name is made of <c>{name}</c>, <c>{hex}</c> (six digits of the account) and <c>{base}</c>.
    /// Default <c>{name}.{hex}.{base}</c>; the other documented form is <c>{name}-{hex}.{base}</c>. Without <c>{hex}</c> realm names
    /// are unique server-wide (ruling 18). Applies to realms made from then on.
    /// </summary>
    public string RealmFqdn { get; init; } = "{name}.{hex}.{base}";

    /// <summary>The SIP port of the first account. Default 5060.</summary>
    public int SipPort { get; init; } = 5060;

    /// <summary>The SIP ports of the other accounts (ruling 15). Default <c>5100-5999</c>.</summary>
    public string AccountPorts { get; init; } = "5100-5999";

    /// <summary>The number of the first account, made when there is none. Default 9900000.</summary>
    public long BootstrapAccountId { get; init; } = 9_900_000;

    /// <summary>The name of the first API user. Default <c>admin</c>.</summary>
    public string BootstrapUserName { get; init; } = "admin";

    /// <summary>The first API user's password; null (default) makes one up.</summary>
    public string? BootstrapPassword { get; init; }

    /// <summary>Whether a list without <c>page</c> answers 303 to its first page (contract 5.3) or the page itself. Default true.</summary>
    public bool RedirectFirstPage { get; init; } = true;

    /// <summary>
    /// Whether an application's callbacks with credentials must be https (12812). Default false: a callback on the same host or network
    /// often has no certificate. Setting <c>Sipstead:Voice:RequireHttpsWithCredentials</c>.
    /// </summary>
    public bool RequireHttpsWithCredentials { get; init; }

    /// <summary>How long entries of the audit are kept, in days. Default 365. Setting <c>Sipstead:Audit:Days</c>.</summary>
    public int AuditDays { get; init; } = 365;

    /// <summary>The most entries of the audit of each account. Default 100000. Setting <c>Sipstead:Audit:Entries</c>.</summary>
    public int AuditEntries { get; init; } = 100_000;

    /// <summary>Addresses of proxies, besides loopback, whose X-Forwarded-Proto and X-Forwarded-Host are believed. Default none.</summary>
    public IReadOnlyList<string> KnownProxies { get; init; } = [];

    /// <summary>Without passwords.</summary>
    public override string ToString() => $"provisioning of {BaseDomain} in {DataDirectory}";

    /// <summary>Every error in the settings, in an operator's words; none when they are usable.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(DataDirectory)) yield return "Sipstead:DataDirectory is empty; name the folder of the database.";
        foreach (var error in Database is null ? [] : PostgresConnection.Validate(Database)) yield return error;
        foreach (var error in RealmFqdnTemplate.Validate(RealmFqdn, BaseDomain)) yield return error;
        if (SipPort is < 1 or > 65535) yield return $"Sipstead:Sip:Port is {SipPort}; a port is 1 to 65535.";
        if (!PortRange.TryParse(AccountPorts, out _))
            yield return $"Sipstead:Sip:AccountPorts is '{AccountPorts}'; write a range of ports such as 5100-5999.";
        if (BootstrapAccountId < 1) yield return $"Sipstead:Bootstrap:AccountId is {BootstrapAccountId}; an account number is 1 or more.";
        if (ApiUserRules.CheckName(BootstrapUserName) is { } name) yield return $"Sipstead:Bootstrap:UserName: {name.Description}.";
        if (BootstrapPassword is not null && ApiUserRules.CheckPassword(BootstrapPassword) is { } password)
            yield return $"Sipstead:Bootstrap:Password: {password.Description}.";
        if (AuditDays is < 1 or > 36500) yield return $"Sipstead:Audit:Days is {AuditDays}; give 1 to 36500 days.";
        if (AuditEntries is < 100 or > 10_000_000) yield return $"Sipstead:Audit:Entries is {AuditEntries}; give 100 to 10000000.";
        foreach (var proxy in KnownProxies)
        {
            if (!IPAddress.TryParse(proxy, out _)) yield return $"Sipstead:Http:KnownProxies has '{proxy}', which is no IP address.";
        }
    }
}
