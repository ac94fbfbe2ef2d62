using System.Threading.Channels;
using Sipstead.Voice.Bxml;

namespace Sipstead.Voice.Calls;

/// <summary>Key presses for one verb. A party can press without end, so only so many wait; the rest is dropped.</summary>
internal sealed class DigitListener(Action<DigitListener> ended) : IDigitListener
{
    private readonly Channel<char> _digits = Channel.CreateBounded<char>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Hear(char digit) => _digits.Writer.TryWrite(digit);

    public ValueTask<char> ReadAsync(CancellationToken cancellationToken) => _digits.Reader.ReadAsync(cancellationToken);

    public void Dispose() => ended(this);
}
