namespace Sipstead.Provisioning.Store;

/// <summary>The one row that says which server used a PostgreSQL database last.</summary>
internal sealed class StoreHolder
{
    public const int RowId = 1;

    public int Id { get; set; }

    /// <summary>Made up by each server at its start.</summary>
    public Guid Token { get; set; }
}
