namespace Sipstead.Dns;

/// <summary>The port through which the responder gets its data. It is asked once for each query, from several threads.</summary>
public interface IZoneSource
{
    /// <summary>The zone as it is now: an immutable snapshot, cheap to get.</summary>
    ZoneData Current { get; }
}
