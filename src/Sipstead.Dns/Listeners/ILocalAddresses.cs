using System.Net;

namespace Sipstead.Dns;

/// <summary>The addresses of this machine, for a wildcard listen.</summary>
internal interface ILocalAddresses
{
    /// <summary>Raised, on any thread, when the addresses may have changed.</summary>
    event Action Changed;

    /// <summary>The unicast addresses of both IP versions, without link-local ones.</summary>
    IReadOnlyList<IPAddress> List();
}
