namespace Sipstead.Provisioning.Store;

/// <summary>A telephone number of an account, at one of its locations.</summary>
internal sealed class PhoneNumber
{
    public long AccountId { get; set; }

    /// <summary>In E.164 form, with its plus sign.</summary>
    public required string Number { get; set; }

    public long LocationId { get; set; }

    public Location? Location { get; set; }
}
