using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Compatibility;

/// <summary>Sends a sequence to a server: octet for octet as the file has it, no redirect followed, no password but where a header says so.</summary>
internal sealed class SequenceRun(Uri server) : IDisposable
{
    private const string Missing = " is missing";
    private const string Empty = " is empty";

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, string> _names = new()
    {
        ["account"] = $"{ServerSetup.Account}",
        ["origin"] = server.ToString().TrimEnd('/'),
        ["basic"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ServerSetup.UserName}:{ServerSetup.Password}")),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    public async Task ReplayAsync(IEnumerable<object> steps)
    {
        foreach (var step in steps)
        {
            if (step is SentHeader header) _headers[header.Name] = header.Value;
            else if (step is Assignment assignment) _names[assignment.Name] = Evaluate(Filled(assignment.Value));
            else await ReplayAsync((ClientExchange)step);
        }
    }

    private async Task ReplayAsync(ClientExchange exchange)
    {
        var complaint = await ComplaintAsync(exchange);
        for (var started = Stopwatch.StartNew(); exchange.InTime && complaint is not null && started.Elapsed < Poll.DefaultDeadline; complaint = await ComplaintAsync(exchange))
            await Task.Delay(20, Cancel);
        Assert.True(complaint is null, complaint);
    }

    /// <summary>What of the answer is not as expected, or null.</summary>
    private async Task<string?> ComplaintAsync(ClientExchange exchange)
    {
        using var request = new HttpRequestMessage(new HttpMethod(exchange.Method), new Uri(server, Filled(exchange.Target)));
        if (exchange.Body.Length > 0) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Filled(exchange.Body)));
        foreach (var (name, value) in _headers.Where(header => !IsOfBody(header.Key) || request.Content is not null)) Add(request, name, value);
        foreach (var (name, value) in exchange.Headers) Add(request, name, value);

        using var response = await _client.SendAsync(request, Cancel);
        var answer = new ReadAnswer(response, await response.Content.ReadAsStringAsync(Cancel));
        var complaint = (int)response.StatusCode == exchange.Status ? null : $"expected {exchange.Status}";
        foreach (var line in exchange.Expected) complaint ??= Check(answer, line);
        return complaint is null ? null : $"{complaint}\n{request.Method} {request.RequestUri}\n{(int)response.StatusCode} {response.Headers}{answer.Body}";
    }

    private string? Check(ReadAnswer answer, string line)
    {
        if (line.Split(" -> ", 2) is [var source, var name])
        {
            if (answer.Read(Filled(source)) is not { Length: > 0 } found) return $"no {source}";
            _names[name] = found;
            return null;
        }

        var (what, expected) = Expectation(line);
        var actual = answer.Read(Filled(what));
        return actual == (expected is null ? null : Filled(expected)) ? null : $"{line}, but is '{actual}'";
    }

    /// <summary>What is read, and what it is to be; null for nothing at all.</summary>
    private static (string What, string? Expected) Expectation(string line)
    {
        if (line.EndsWith(Missing, StringComparison.Ordinal)) return (line[..^Missing.Length], null);
        if (line.EndsWith(Empty, StringComparison.Ordinal)) return (line[..^Empty.Length], "");
        return line.Split(" = ", 2) is [var what, var expected] ? (what, expected) : throw new FormatException($"Not understood: {line}");
    }

    private string Filled(string text)
    {
        foreach (var (name, value) in _names) text = text.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        return text;
    }

    /// <summary><c>md5 text</c> is the hash of the text, <c>last url</c> what stands behind its last slash, as clients read ids; anything else is itself.</summary>
    private static string Evaluate(string value) => value.Split(' ', 2) switch
    {
#pragma warning disable CA5351 // the contract's hash
        ["md5", var text] => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text))),
#pragma warning restore CA5351
        ["last", var url] => url[(url.LastIndexOf('/') + 1)..],
        _ => value,
    };

    private void Add(HttpRequestMessage request, string name, string value)
    {
        var filled = Filled(value);
        HttpHeaders headers = IsOfBody(name) ? request.Content!.Headers : request.Headers;
        headers.Remove(name);
        Assert.True(headers.TryAddWithoutValidation(name, filled), $"{name}: {filled}");
    }

    private static bool IsOfBody(string header) => header.Equals("Content-Type", StringComparison.OrdinalIgnoreCase);
}
