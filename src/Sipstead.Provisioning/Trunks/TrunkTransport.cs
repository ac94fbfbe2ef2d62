namespace Sipstead.Provisioning.Trunks;

/// <summary>How a trunk is reached.</summary>
public enum TrunkTransport
{
    /// <summary>UDP.</summary>
    Udp = 1,

    /// <summary>TCP.</summary>
    Tcp = 2,

    /// <summary>TLS.</summary>
    Tls = 3,
}
