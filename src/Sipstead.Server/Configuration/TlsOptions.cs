namespace Sipstead.Server.Configuration;

/// <summary>Certificates of SIP over TLS and of https; configuration section <c>Sipstead:Tls</c>.</summary>
internal sealed record TlsOptions
{
    /// <summary>PEM files, each a certificate and the chain above it. Several are chosen from by the name that a client asks for. Empty: made here.</summary>
    public IReadOnlyList<string> Certificates { get; init; } = [];

    /// <summary>PEM files of their private keys, in the same order.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>A PEM file of authorities that peers may come from, besides those of the system; empty for none.</summary>
    public string TrustedCertificates { get; init; } = "";

    /// <summary>True when certificates are made here.</summary>
    public bool IsOwnAuthority => Certificates.Count == 0;

    public IEnumerable<string> Validate()
    {
        if (Certificates.Count == 0 && Keys.Count > 0) yield return "Sipstead:Tls:Key is set without Sipstead:Tls:Certificate: give both, or neither.";
        else if (Certificates.Count != Keys.Count)
        {
            yield return $"Sipstead:Tls:Certificate names {Certificates.Count} files and Sipstead:Tls:Key {Keys.Count}: give one key for each certificate, in the "
                + "same order.";
        }
    }
}
