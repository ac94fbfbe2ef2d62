namespace Sipstead.Provisioning.Store;

/// <summary>The one row that keeps the serial of the realms, so that it rises over restarts.</summary>
internal sealed class RealmSerial
{
    public const int RowId = 1;

    public int Id { get; set; }

    public long Value { get; set; }
}
