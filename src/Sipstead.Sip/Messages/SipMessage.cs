using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Messages;

/// <summary>
/// Index of one SIP message over the octets that it came in: start line parts, header lines by id, body. Filled by <see cref="SipParser"/>, meant to
/// be reused: one for each receiving loop, never shared between threads. It refers to the buffer and is worthless once that is overwritten; what must
/// outlive it is a <see cref="Copy"/>.
/// </summary>
public sealed class SipMessage
{
    private readonly HeaderField[] _headers;
    private readonly short[] _first;
    private byte[] _buffer = [];
    private int _offset;
    private ulong _repeated;
    private (int Start, int Length) _methodToken, _requestUri, _reason, _body;

    public SipMessage()
    {
        _headers = new HeaderField[SipLimits.Headers];
        _first = new short[(int)HeaderId.Count];
        Array.Fill(_first, (short)-1);
    }

    private SipMessage(SipMessage original)
    {
        _headers = original.Headers.ToArray();
        _first = [.. original._first];
        _buffer = original.Octets.ToArray();
        _repeated = original._repeated;
        (_methodToken, _requestUri, _reason, _body) = (original._methodToken, original._requestUri, original._reason, original._body);
        IsRequest = original.IsRequest;
        HasStartLine = original.HasStartLine;
        Method = original.Method;
        StatusCode = original.StatusCode;
        Error = original.Error;
        ErrorOffset = original.ErrorOffset;
        FramingError = original.FramingError;
        HeaderCount = original.HeaderCount;
        ContentLength = original.ContentLength;
        Length = original.Length;
    }

    /// <summary>True for a request, false for a response.</summary>
    public bool IsRequest { get; private set; }

    /// <summary>True when the start line could be read as far as telling request from response.</summary>
    public bool HasStartLine { get; private set; }

    /// <summary>Method of a request.</summary>
    public SipMethod Method { get; private set; }

    /// <summary>Status code of a response, 100 to 699.</summary>
    public int StatusCode { get; private set; }

    /// <summary>First thing found wrong, or <see cref="SipError.None"/>.</summary>
    public SipError Error { get; private set; }

    /// <summary>Where it was found, in octets from the start of the message.</summary>
    public int ErrorOffset { get; private set; }

    /// <summary>First error that leaves it open where the message ends on a stream; one found before must not hide it.</summary>
    internal SipError FramingError { get; private set; }

    /// <summary>Number of header lines.</summary>
    public int HeaderCount { get; private set; }

    /// <summary>The value of Content-Length, or -1 when it is absent.</summary>
    public int ContentLength { get; private set; } = -1;

    /// <summary>Octets of the message, body included.</summary>
    public int Length { get; private set; }

    /// <summary>The array that the octets are in.</summary>
    internal byte[] Buffer => _buffer;

    /// <summary>Where in <see cref="Buffer"/> they start.</summary>
    internal int Offset => _offset;

    /// <summary>All octets.</summary>
    public ReadOnlySpan<byte> Octets => _buffer.AsSpan(_offset, Length);

    /// <summary>The method as sent.</summary>
    public ReadOnlySpan<byte> MethodToken => At(_methodToken.Start, _methodToken.Length);

    /// <summary>The Request-URI as sent.</summary>
    public ReadOnlySpan<byte> RequestUri => At(_requestUri.Start, _requestUri.Length);

    /// <summary>The reason phrase of a response; may be empty.</summary>
    public ReadOnlySpan<byte> Reason => At(_reason.Start, _reason.Length);

    /// <summary>The body; octets, whatever they mean (MSG-14).</summary>
    public ReadOnlySpan<byte> Body => At(_body.Start, _body.Length);

    /// <summary>The body as memory; of use on a <see cref="Copy"/> only, whose octets stay.</summary>
    internal ReadOnlyMemory<byte> BodyMemory => _buffer.AsMemory(_offset + _body.Start, _body.Length);

    /// <summary>Header lines in order of appearance.</summary>
    public ReadOnlySpan<HeaderField> Headers => _headers.AsSpan(0, HeaderCount);

    /// <summary>True when a header of this id is present.</summary>
    public bool Has(HeaderId id) => _first[(int)id] >= 0;

    /// <summary>Value of the first header of this id, white space stripped; empty when absent (see <see cref="Has"/>).</summary>
    public ReadOnlySpan<byte> Value(HeaderId id)
    {
        var index = _first[(int)id];
        return index < 0 ? default : ValueOf(_headers[index]);
    }

    /// <summary>True when there is exactly one header line of this id.</summary>
    public bool HasOne(HeaderId id) => Has(id) && (_repeated & (1UL << (int)id)) == 0;

    /// <summary>Value of a header line, white space stripped.</summary>
    public ReadOnlySpan<byte> ValueOf(in HeaderField header) => At(header.ValueStart, header.ValueLength);

    /// <summary>Name of a header line as sent.</summary>
    public ReadOnlySpan<byte> NameOf(in HeaderField header) => At(header.NameStart, header.NameLength);

    /// <summary>The comma-separated values of all header lines of this id, in order (RFC 3261 7.3.1).</summary>
    public HeaderValues Values(HeaderId id) => new(this, id);

    /// <summary>A copy with octets of its own, that stays as it is when the receiving loop goes on. It may be read by any thread.</summary>
    public SipMessage Copy() => new(this);

    internal void Reset(byte[] buffer, int offset)
    {
        _buffer = buffer;
        _offset = offset;
        for (var i = 0; i < HeaderCount; i++) _first[(int)_headers[i].Id] = -1;
        HeaderCount = 0;
        _repeated = 0;
        HasStartLine = false;
        IsRequest = false;
        Method = SipMethod.Unknown;
        StatusCode = 0;
        Error = SipError.None;
        ErrorOffset = 0;
        FramingError = SipError.None;
        ContentLength = -1;
        Length = 0;
        _methodToken = _requestUri = _reason = _body = default;
    }

    internal void SetRequestLine((int Start, int Length) method, (int Start, int Length) uri)
    {
        HasStartLine = true;
        IsRequest = true;
        _methodToken = method;
        _requestUri = uri;
        Method = SipMethods.Parse(_buffer.AsSpan(_offset + method.Start, method.Length));
    }

    internal void SetStatusLine(int statusCode, (int Start, int Length) reason)
    {
        HasStartLine = true;
        StatusCode = statusCode;
        _reason = reason;
    }

    internal bool TryAdd(in HeaderField header)
    {
        if (HeaderCount == _headers.Length) return false;
        ref var first = ref _first[(int)header.Id];
        if (first < 0) first = (short)HeaderCount;
        else _repeated |= 1UL << (int)header.Id;
        _headers[HeaderCount++] = header;
        return true;
    }

    /// <summary>Index of the first header line of an id; -1 when there is none.</summary>
    internal int FirstLine(HeaderId id) => _first[(int)id];

    /// <summary>Index of the next header line of an id; -1 when there is none, which for most ids is known without a search.</summary>
    internal int NextLine(HeaderId id, int line)
    {
        if ((_repeated & (1UL << (int)id)) == 0) return -1;
        while (++line < HeaderCount)
        {
            if (_headers[line].Id == id) return line;
        }

        return -1;
    }

    internal void SetContentLength(int length) => ContentLength = length;

    internal void SetExtent(int length, int bodyStart, int bodyLength)
    {
        Length = length;
        _body = (bodyStart, bodyLength);
    }

    internal void Fail(SipError error, int offset)
    {
        if (FramingError == SipError.None && SipErrors.BreaksFraming(error)) FramingError = error;
        if (Error != SipError.None) return;
        Error = error;
        ErrorOffset = offset;
    }

    private ReadOnlySpan<byte> At(int start, int length) => _buffer.AsSpan(_offset + start, length);
}
