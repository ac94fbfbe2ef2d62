namespace Sipstead.Sip.Uas;

/// <summary>Tells which hosts of a Request-URI are ours.</summary>
public interface IServedDomains
{
    /// <summary>True when the host names a realm of ours (ASCII, any case).</summary>
    bool Contains(ReadOnlySpan<byte> host);
}
