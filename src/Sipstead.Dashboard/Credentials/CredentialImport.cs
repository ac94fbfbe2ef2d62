using System.Diagnostics.CodeAnalysis;
using Sipstead.Dashboard.Components;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Dashboard.Credentials;

/// <summary>
/// The import of a CSV file into a realm: first a check of all rows by the rules, then their creation in lists. For one file, and one use at a time.
/// </summary>
internal sealed class CredentialImport
{
    private readonly SipCredentialService _credentials;
    private readonly RealmDetails _realm;
    private readonly Dictionary<NewSipCredential, CsvCredential> _entries = new(ReferenceEqualityComparer.Instance);
    private List<NewSipCredential> _valid = [];

    /// <param name="applications">The account's voice applications, which rows may name.</param>
    public CredentialImport(SipCredentialService credentials, RealmDetails realm, IReadOnlyList<CsvCredential> rows, IReadOnlyList<ApplicationDetails> applications)
    {
        (_credentials, _realm, Total) = (credentials, realm, rows.Count);
        var failed = new List<FailedRow>();
        foreach (var row in rows)
        {
            if (row.Password is not null && PasswordEstimate.Of(row.Password, row.UserName) == PasswordStrength.Weak) WeakPasswords++;
            if (TryMakeEntry(row, realm, applications, out var entry, out var reason)) _entries.Add(entry, row);
            else failed.Add(new FailedRow(row.Line, row.UserName, reason));
        }

        Failed = failed;
    }

    /// <summary>A row that is not imported.</summary>
    /// <param name="Reason">Why not, in the words of the rule.</param>
    public sealed record FailedRow(int Line, string? UserName, string Reason);

    /// <summary>Rows of the file.</summary>
    public int Total { get; }

    /// <summary>Rows with a password that is soon guessed. They are imported all the same.</summary>
    public int WeakPasswords { get; }

    /// <summary>Rows that are, or were, worth importing.</summary>
    public int Valid => _valid.Count;

    /// <summary>Credentials made so far.</summary>
    public int Created { get; private set; }

    /// <summary>Rows tried so far.</summary>
    public int Done { get; private set; }

    /// <summary>Rows that were not imported or will not be, by line. A list never changes: another takes its place.</summary>
    public IReadOnlyList<FailedRow> Failed { get; private set; }

    /// <summary>Why nothing (more) can be imported; null while it can.</summary>
    public string? Error { get; private set; }

    /// <summary>Asks the rules about every row. Stores nothing.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var rejected = new List<RejectedSipCredential>();
        foreach (var list in ListsByName())
        {
            Error = await StoreCommand.RunAsync(async () =>
            {
                var result = await _credentials.CheckAsync(_realm, list, cancellationToken);
                if (result.IsSuccess) rejected.AddRange(result.Value);
                return result.Error?.Description;
            });
            if (Error is not null) return;
        }

        Reject(rejected);
        var invalid = rejected.Select(one => one.Entry).ToHashSet<NewSipCredential>(ReferenceEqualityComparer.Instance);
        _valid = [.. _entries.Keys.Where(entry => !invalid.Contains(entry)).OrderBy(entry => _entries[entry].Line)];
    }

    /// <summary>Makes the credentials of the rows that passed the check. What was made stays when it is cancelled or a list is refused.</summary>
    /// <param name="onProgress">Called after each list.</param>
    public async Task RunAsync(Action onProgress, CancellationToken cancellationToken)
    {
        foreach (var list in _valid.Chunk(SipCredentialService.MaximumEntries))
        {
            if (cancellationToken.IsCancellationRequested) return;
            Error = await StoreCommand.RunAsync(() => CreateAsync(list));
            if (Error is not null) return;
            onProgress();
        }
    }

    private async Task<string?> CreateAsync(NewSipCredential[] list)
    {
        var result = await _credentials.CreateAsync(_realm, list, CancellationToken.None); // a list is stored whole or not at all
        if (!result.IsSuccess) return result.Error.Description;
        Created += result.Value.Created.Count;
        Done += list.Length;
        Reject(result.Value.Rejected);
        return null;
    }

    /// <summary>
    /// All entries in lists that can be checked together. Equal names stand in the same list, where the rules find the later one; only if one name fills more
    /// than a list do they find it at the creation.
    /// </summary>
    private IEnumerable<List<NewSipCredential>> ListsByName()
    {
        var list = new List<NewSipCredential>();
        foreach (var same in _entries.Keys.GroupBy(entry => entry.UserName ?? "", StringComparer.OrdinalIgnoreCase))
        {
            foreach (var part in same.Chunk(SipCredentialService.MaximumCheckedEntries))
            {
                if (list.Count + part.Length > SipCredentialService.MaximumCheckedEntries)
                {
                    yield return list;
                    list = [];
                }

                list.AddRange(part);
            }
        }

        if (list.Count > 0) yield return list;
    }

    private static bool TryMakeEntry(
        CsvCredential row, RealmDetails realm, IReadOnlyList<ApplicationDetails> applications, [NotNullWhen(true)] out NewSipCredential? entry, out string reason)
    {
        entry = null;
        if (!TryFindApplication(row.Application, applications, out var application, out reason)) return false;
        if (row.Password is not null && row.Hash1 is not null) reason = "Give a password or hashes, not both";
        else if (row.Password is not null) reason = SipPassword.Check(row.Password)?.Description ?? "";
        if (reason.Length > 0) return false;
        var name = row.UserName ?? ""; // that it is missing is for the rules to say
        entry = new NewSipCredential
        {
            UserName = row.UserName, Realm = row.Realm, HttpVoiceV2AppId = application,
            Hash1 = row.Password is null ? row.Hash1 : SipPassword.Hash1(name, realm.Fqdn, row.Password),
            Hash1b = row.Password is null ? row.Hash1b : SipPassword.Hash1b(name, realm.Fqdn, row.Password),
            Sha = row.Password is null ? row.Sha : SipPassword.Sha(name, realm.Fqdn, row.Password),
        };
        return true;
    }

    /// <summary>An id goes to the rules as it is; a name must be that of one application.</summary>
    private static bool TryFindApplication(string? text, IReadOnlyList<ApplicationDetails> applications, out string? id, out string reason)
    {
        (id, reason) = (text, "");
        if (text is null || Guid.TryParse(text, out _)) return true;
        var named = applications.Where(application => string.Equals(application.Name, text, StringComparison.OrdinalIgnoreCase)).ToList();
        if (named.Count == 1) id = named[0].Id.ToString("D");
        else reason = named.Count == 0 ? $"The account has no voice application '{text}'" : $"{named.Count} voice applications are called '{text}': give the id";
        return named.Count == 1;
    }

    private void Reject(IReadOnlyCollection<RejectedSipCredential> rejected)
    {
        if (rejected.Count == 0) return;
        var rows = rejected.Select(one => new FailedRow(_entries[one.Entry].Line, _entries[one.Entry].UserName, one.Error.Description));
        Failed = [.. Failed.Concat(rows).OrderBy(row => row.Line)];
    }
}
