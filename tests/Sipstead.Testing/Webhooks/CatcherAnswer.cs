using System.Text;

namespace Sipstead.Testing.Webhooks;

/// <summary>What a <see cref="WebhookCatcher"/> answers.</summary>
public sealed record CatcherAnswer
{
    public int Status { get; init; } = 200;

    public ReadOnlyMemory<byte> Body { get; init; }

    public string? ContentType { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Before the answer begins.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>What has to be over before the answer begins.</summary>
    public Task Until { get; init; } = Task.CompletedTask;

    /// <summary>Closes the connection in place of an answer.</summary>
    public bool DropsConnection { get; init; }

    /// <summary>Takes a WebSocket in place of an answer, and reads from it until its end.</summary>
    public bool TakesSocket { get; init; }

    /// <summary>204: what a path without a rule answers.</summary>
    public static CatcherAnswer NoContent { get; } = new() { Status = 204 };

    /// <summary>The connection ends without an answer.</summary>
    public static CatcherAnswer Drop { get; } = new() { DropsConnection = true };

    /// <summary>The far end of a stream.</summary>
    public static CatcherAnswer Socket { get; } = new() { TakesSocket = true };

    /// <summary>200 with BXML.</summary>
    public static CatcherAnswer Bxml(string bxml) => new() { Body = Encoding.UTF8.GetBytes(bxml), ContentType = "application/xml; charset=utf-8" };

    /// <summary>A status without a body.</summary>
    public static CatcherAnswer Of(int status) => new() { Status = status };

    /// <summary>200 with a file, such as audio.</summary>
    public static CatcherAnswer File(ReadOnlyMemory<byte> octets, string contentType) => new() { Body = octets, ContentType = contentType };

    /// <summary>The same with one more header.</summary>
    public CatcherAnswer With(string header, string value) => this with { Headers = new Dictionary<string, string>(Headers) { [header] = value } };

    /// <summary>The same, later.</summary>
    public CatcherAnswer After(TimeSpan delay) => this with { Delay = delay };

    /// <summary>The same, as soon as the test lets it go.</summary>
    public CatcherAnswer After(Task released) => this with { Until = released };
}
