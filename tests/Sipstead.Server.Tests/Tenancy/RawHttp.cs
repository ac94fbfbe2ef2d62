using System.Net.Sockets;
using System.Text;

namespace Sipstead.Server.Tests.Tenancy;

/// <summary>Octets to the HTTP port as they are, which clients would put in order, and all that comes back until the server closes.</summary>
internal static class RawHttp
{
    public static async Task<string> SendAsync(Uri server, string request, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, cancellationToken);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), cancellationToken);
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        try
        {
            return await reader.ReadToEndAsync(cancellationToken);
        }
        catch (IOException)
        {
            return ""; // reset: the server wants no more of it
        }
    }

    public static int StatusOf(string answer) => int.Parse(answer.Split(' ')[1], null);
}
