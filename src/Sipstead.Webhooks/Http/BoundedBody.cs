namespace Sipstead.Webhooks.Http;

/// <summary>Reads a body up to a limit. Memory grows with what came, never with what a header announced.</summary>
internal sealed class BoundedBody(long limit, OctetBudget? budget) : IDisposable
{
    private const int FirstCapacity = 4096;

    private byte[] _buffer = [];
    private int _length;
    private long _reserved;

    /// <summary>What came so far.</summary>
    public ReadOnlyMemory<byte> Octets => _buffer.AsMemory(0, _length);

    /// <summary>Why reading stopped before the end; null when it did not.</summary>
    public HttpFailure? Failure { get; private set; }

    /// <summary>Reads to the end or the limit.</summary>
    /// <param name="body">What to read.</param>
    /// <param name="announced">Content-Length; null when unknown.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask FillAsync(Stream body, long? announced, CancellationToken cancellationToken)
    {
        if (announced > limit)
        {
            Failure = TooLarge();
            return;
        }

        while (Grow(announced))
        {
            var read = await body.ReadAsync(_buffer.AsMemory(_length), cancellationToken).ConfigureAwait(false);
            if (read == 0) break;
            _length += read;
        }

        if (_length > limit)
        {
            _length = (int)limit;
            Failure = TooLarge();
        }
    }

    public void Dispose() => budget?.Return(_reserved);

    /// <summary>Makes room for at least one octet; false when there may be no more.</summary>
    private bool Grow(long? announced)
    {
        if (_length < _buffer.Length) return true;
        if (_length > limit) return false; // one more than the limit tells that it is too long
        var capacity = Math.Min(Math.Max(FirstCapacity, _buffer.Length * 2L), limit + 1);
        if (announced >= _length && announced < capacity) capacity = Math.Max(announced.Value, _length + 1);
        if (budget is not null && !budget.TryTake(capacity - _buffer.Length))
        {
            Failure = new HttpFailure(FailureKind.TooLarge, "was not read: too much is being fetched at this time");
            return false;
        }

        _reserved += capacity - _buffer.Length;
        Array.Resize(ref _buffer, (int)capacity);
        return true;
    }

    private HttpFailure TooLarge() => new(FailureKind.TooLarge, FormattableString.Invariant($"sent more than {limit} octets"));
}

/// <summary>Octets that several readers share.</summary>
internal sealed class OctetBudget(long octets)
{
    private long _left = octets;

    public bool TryTake(long count)
    {
        if (Interlocked.Add(ref _left, -count) >= 0) return true;
        Interlocked.Add(ref _left, count);
        return false;
    }

    public void Return(long count) => Interlocked.Add(ref _left, count);
}
