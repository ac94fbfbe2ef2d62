using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sipstead.Sip.Transport;

namespace Sipstead.Server.Tls;

/// <summary>https with the certificates of SIP over TLS, chosen for each connection anew so that a changed one takes effect (ruling 19).</summary>
internal static class Https
{
    /// <summary>Makes a listener serve https.</summary>
    public static void Use(ListenOptions listen)
    {
        var services = listen.ApplicationServices;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = context => ValueTask.FromResult(
                TlsProtocols.ServerOptions(services.GetRequiredService<ServerCertificates>(), context.ClientHelloInfo.ServerName)),
        });
    }
}
