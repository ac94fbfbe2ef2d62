using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace Sipstead.Server.Composition;

/// <summary>Whose word is taken for who asks, and over https or not: limits then count the one who asks, and cookies of the dashboard are for https alone.</summary>
internal static class ProxyHeaders
{
    /// <summary>Headers of these proxies and of loopback are believed, of each the last value: the one that the proxy itself has added.</summary>
    public static ForwardedHeadersOptions Of(IEnumerable<string> knownProxies)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
        };
        foreach (var proxy in knownProxies) options.KnownProxies.Add(IPAddress.Parse(proxy));
        return options;
    }
}
