namespace Sipstead.Server.Tests.Compatibility;

/// <summary>What a client sends in a row, and what it reads of the answers: a text file, whose form is told in Sequences/README.md.</summary>
internal sealed class ClientSequence
{
    private const string Answer = "=> ";

    private readonly Queue<string> _lines;

    private ClientSequence(IEnumerable<string> lines) => _lines = new Queue<string>(lines);

    /// <summary>The steps of a file, in their order.</summary>
    public static IReadOnlyList<object> Read(string path) => [.. new ClientSequence(File.ReadAllLines(path)).Steps()];

    private IEnumerable<object> Steps()
    {
        while (_lines.TryDequeue(out var line))
        {
            if (line.Length == 0 || line.StartsWith('#')) continue;
            yield return line[0] switch
            {
                '*' => Header(line[1..]),
                '@' => Assigned(line[1..]),
                _ => Exchange(line),
            };
        }
    }

    private ClientExchange Exchange(string requestLine)
    {
        if (requestLine.Split(' ') is not [var method, var target]) throw new FormatException($"No request: {requestLine}");
        var headers = new List<SentHeader>();
        while (!IsAnswer() && _lines.Dequeue() is { Length: > 0 } header) headers.Add(Header(header));
        var body = new List<string>();
        while (!IsAnswer()) body.Add(_lines.Dequeue());
        var status = _lines.Dequeue()[Answer.Length..].Split(' ', 2);
        var expected = new List<string>();
        while (_lines.TryPeek(out var line) && line.Length > 0) expected.Add(_lines.Dequeue());
        return new ClientExchange(method, target, headers, string.Join('\n', body).TrimEnd('\n'), int.Parse(status[0], null), status.Length > 1, expected);

        bool IsAnswer() => _lines.Peek().StartsWith(Answer, StringComparison.Ordinal);
    }

    private static SentHeader Header(string line) => line.Split(": ", 2) is [var name, var value]
        ? new SentHeader(name.Trim(), value)
        : throw new FormatException($"No header: {line}");

    private static Assignment Assigned(string line) => line.Split(" = ", 2) is [var name, var value]
        ? new Assignment(name.Trim(), value)
        : throw new FormatException($"No assignment: {line}");
}

/// <summary>A header of a request, or of all that follow.</summary>
internal sealed record SentHeader(string Name, string Value);

/// <summary>A name for a text that later lines use.</summary>
internal sealed record Assignment(string Name, string Value);

/// <summary>A request and what is read of its answer.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">A path, or a whole URL.</param>
/// <param name="Headers">Beside those of all requests.</param>
/// <param name="Body">Empty for none.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="InTime">Whether the client asks again until the answer is as expected.</param>
/// <param name="Expected">One line for each thing that is read.</param>
internal sealed record ClientExchange(
    string Method, string Target, IReadOnlyList<SentHeader> Headers, string Body, int Status, bool InTime, IReadOnlyList<string> Expected);
