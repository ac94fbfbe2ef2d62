using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Accounts;
using Sipstead.Server.Admin;
using Sipstead.Server.Backup;
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
        using var content = JsonContent.Create(command, type);
        using var client = CreateClient(settings);
        using var response = await TryAskAsync(settings, client, path, content, cancellationToken);
        return response is null ? await RunHereAsync(settings, command, act, cancellationToken) : await ReadAsync(response, cancellationToken);
    }

    /// <summary>Has the running server write a file. False when no server runs. Throws <see cref="BackupException"/> with the server's words.</summary>
    public static async Task<bool> TryDownloadAsync(ServerSettings settings, string path, Stream output, CancellationToken cancellationToken)
    {
        using var client = CreateClient(settings);
        using var response = await TryAskAsync(settings, client, path, null, cancellationToken);
        if (response is null) return false;
        if (response.Content.Headers.ContentType?.MediaType != BackupEndpoint.MediaType) throw new BackupException((await ReadAsync(response, cancellationToken)).Text);
        await response.Content.CopyToAsync(output, cancellationToken);
        return true;
    }

    /// <summary>The answer of the server that runs on the data folder; null when none does.</summary>
    private static async Task<HttpResponseMessage?> TryAskAsync(
        ServerSettings settings, HttpClient client, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        if (!File.Exists(DataFolder.AdminSocketIn(settings.DataDirectory))) return null;
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return null; // a killed server left its socket behind: the folder is free
        }
    }

    private static HttpClient CreateClient(ServerSettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(DataFolder.AdminSocketIn(settings.DataDirectory)), cancel);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri("http://admin"), Timeout = Timeout.InfiniteTimeSpan };
    }

    private static async Task<AdminAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync(AdminJson.Default.AdminAnswer, cancellationToken) ?? new AdminAnswer(false, "The server gave no answer.");
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
