using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Locations;

/// <summary>
/// The rules of an account's telephone numbers: each is at one location, whose application takes its calls. An account may have the
/// numbers that another has: each speaks for its own trunks alone. The caller has checked that the user may act in the account.
/// </summary>
public sealed class PhoneNumberService
{
    /// <summary>The most numbers of one request.</summary>
    public const int MaximumNumbers = 1000;

    private readonly ProvisioningStore _store;

    internal PhoneNumberService(ProvisioningStore store) => _store = store;

    /// <summary>The account's numbers in their order.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="locationId">Only those of this location; null for all.</param>
    /// <param name="first">The number to begin at, or null.</param>
    /// <param name="size">The most numbers.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<PhoneNumberDetails>> ListAsync(
        long accountId, long? locationId, string? first, int size, CancellationToken cancellationToken) =>
        await _store.ReadAsync(
            (database, cancel) => database.PhoneNumbers
                .Where(n => n.AccountId == accountId
                    && (locationId == null || n.LocationId == locationId)
                    && (first == null || n.Number.CompareTo(first) >= 0))
                .OrderBy(n => n.Number).Take(size)
                .Select(n => new PhoneNumberDetails(n.Number, n.Location!.SiteId, n.LocationId)).ToListAsync(cancel),
            cancellationToken).ConfigureAwait(false);

    /// <summary>A number; null when the account does not have it.</summary>
    public Task<PhoneNumberDetails?> FindAsync(long accountId, string number, CancellationToken cancellationToken) => _store.ReadAsync(
        (database, cancel) => database.PhoneNumbers.Where(n => n.AccountId == accountId && n.Number == number)
            .Select(n => new PhoneNumberDetails(n.Number, n.Location!.SiteId, n.LocationId)).FirstOrDefaultAsync(cancel),
        cancellationToken);

    /// <summary>Puts numbers to a location, also those that were at another: all or none.</summary>
    public async Task<ProvisioningResult<IReadOnlyList<PhoneNumberDetails>>> SetAsync(
        long accountId, long locationId, IReadOnlyCollection<string> numbers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        if (numbers.Count is 0 or > MaximumNumbers)
            return ProvisioningError.Invalid(null, $"Give 1 to {MaximumNumbers} numbers; there are {numbers.Count}");
        if (numbers.FirstOrDefault(number => !E164.IsNumber(number)) is { } bad)
            return ProvisioningError.Invalid(null, $"Invalid number: '{bad}' is no E164 telephone number");
        return await _store.WriteAsync(
            (write, cancel) => SetAsync(write, accountId, locationId, [.. numbers.Distinct()], cancel), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes a number away from the account.</summary>
    public Task<ProvisioningResult<PhoneNumberDetails>> RemoveAsync(
        long accountId, string number, CancellationToken cancellationToken) => _store.WriteAsync<ProvisioningResult<PhoneNumberDetails>>(
        async (write, cancel) =>
        {
            var found = await write.Database.PhoneNumbers.Include(n => n.Location)
                .FirstOrDefaultAsync(n => n.AccountId == accountId && n.Number == number, cancel).ConfigureAwait(false);
            if (found is null) return NotFound(number);
            write.Database.PhoneNumbers.Remove(found);
            write.OnCommitted(view => view.RemoveNumber(accountId, number));
            return new PhoneNumberDetails(number, found.Location!.SiteId, found.LocationId);
        },
        cancellationToken);

    /// <summary>The error for a number that is not there.</summary>
    public static ProvisioningError NotFound(string number) => ProvisioningError.NotFound(null, $"Number [{number}] not found");

    private static async Task<ProvisioningResult<IReadOnlyList<PhoneNumberDetails>>> SetAsync(
        StoreWrite write, long accountId, long locationId, string[] numbers, CancellationToken cancellationToken)
    {
        var database = write.Database;
        var location = await database.Locations
            .FirstOrDefaultAsync(l => l.Id == locationId && l.Site!.AccountId == accountId, cancellationToken).ConfigureAwait(false);
        if (location is null) return ProvisioningError.Invalid(null, $"SipPeer '{locationId}' does not exist");
        var existing = await database.PhoneNumbers.Where(n => n.AccountId == accountId && EF.Parameter(numbers).Contains(n.Number))
            .ToDictionaryAsync(n => n.Number, cancellationToken).ConfigureAwait(false);
        foreach (var number in numbers)
        {
            if (existing.TryGetValue(number, out var known)) known.LocationId = locationId;
            else database.PhoneNumbers.Add(new PhoneNumber { AccountId = accountId, Number = number, LocationId = locationId });
        }

        write.OnCommitted(view => view.SetNumbers(accountId, locationId, numbers));
        return numbers.Select(number => new PhoneNumberDetails(number, location.SiteId, locationId)).ToArray();
    }
}
