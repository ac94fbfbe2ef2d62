using System.Net;
using Microsoft.AspNetCore.Http;

namespace Sipstead.Provisioning.Api;

/// <summary>The scheme and host as the client saw them: those of the request, or what a known proxy forwards (contract 5.3).</summary>
public sealed class RequestOrigin(IEnumerable<string> knownProxies)
{
    private readonly HashSet<IPAddress> _knownProxies = [.. knownProxies.Select(IPAddress.Parse).Select(Plain)];

    /// <summary>Scheme, <c>://</c> and host with its port.</summary>
    public string Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = context.Request;
        var scheme = request.Scheme;
        var host = request.Host.HasValue
            ? request.Host.ToUriComponent()
            : new IPEndPoint(context.Connection.LocalIpAddress ?? IPAddress.Loopback, context.Connection.LocalPort).ToString();
        if (IsFromProxy(context.Connection.RemoteIpAddress))
        {
            if (LastOf(request.Headers["X-Forwarded-Proto"].ToString()) is "http" or "https")
                scheme = LastOf(request.Headers["X-Forwarded-Proto"].ToString());
            if (LastOf(request.Headers["X-Forwarded-Host"].ToString()) is { Length: > 0 } forwarded && forwarded.All(IsHostCharacter))
                host = forwarded;
        }

        return $"{scheme}://{host}";
    }

    private static bool IsHostCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']';

    /// <summary>The last value is the one that the nearest proxy has added.</summary>
    private static string LastOf(string header) => header[(header.LastIndexOf(',') + 1)..].Trim();

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private bool IsFromProxy(IPAddress? remote) =>
        remote is not null && (IPAddress.IsLoopback(remote) || _knownProxies.Contains(Plain(remote)));
}
