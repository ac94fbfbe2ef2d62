using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Accounts;
using Sipstead.Server.Admin;
using Sipstead.Server.Composition;
using Sipstead.Server.Configuration;

namespace Sipstead.Server.Commands;

/// <summary>Carries an administration command out: through the socket of the server that runs on the data folder, else on the folder itself.</summary>
internal static class AdminClient
{
    public static async Task<AdminAnswer> RunAsync<T>(
        ServerSettings settings, string path, T command, JsonTypeInfo<T> type, Func<AdminActions, T, CancellationToken, Task<AdminAnswer>> act,
        CancellationToken cancellationToken)
    {
        var socket = DataFolder.AdminSocketIn(settings.DataDirectory);
        if (File.Exists(socket))
        {
            try
            {
                return await AskServerAsync(socket, path, command, type, cancellationToken);
            }
            catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                // A killed server left its socket behind: the folder is free.
            }
        }

        return await RunHereAsync(settings, command, act, cancellationToken);
    }

    private static async Task<AdminAnswer> AskServerAsync<T>(
        string socket, string path, T command, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = new Uri("http://admin") };
        using var response = await client.PostAsJsonAsync(path, command, type, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync(AdminJson.Default.AdminAnswer, cancellationToken)
            ?? new AdminAnswer(false, "The server gave no answer.");
    }

    private static async Task<AdminAnswer> RunHereAsync<T>(
        ServerSettings settings, T command, Func<AdminActions, T, CancellationToken, Task<AdminAnswer>> act, CancellationToken cancellationToken)
    {
        using var folder = DataFolder.Open(settings.DataDirectory);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddFilter(_ => false));
        services.AddProvisioning(settings.Provisioning);
        await using var provider = services.BuildServiceProvider();
        var password = await provider.OpenProvisioningAsync(cancellationToken);
        var answer = await act(new AdminActions(provider.GetRequiredService<AccountService>()), command, cancellationToken);
        return password is null
            ? answer
            : answer with { Text = $"The data folder is new. API user {settings.Provisioning.BootstrapUserName}, password {password}   (shown this once)\n{answer.Text}" };
    }
}
