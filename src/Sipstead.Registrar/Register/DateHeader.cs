using Sipstead.Sip.Writing;

namespace Sipstead.Registrar.Register;

/// <summary>The Date header of answers, formatted once a second. Not thread-safe.</summary>
internal sealed class DateHeader(BatchClock clock)
{
    private readonly SipWriter _line = new();
    private readonly byte[] _buffer = new byte[64];
    private long _second = -1;

    public void Write(SipWriter writer)
    {
        var second = clock.WallMs / 1000;
        if (second != _second)
        {
            _second = second;
            _line.Reset(_buffer);
            _line.Text("Date: "u8);
            _line.Date(DateTimeOffset.FromUnixTimeSeconds(second));
            _line.EndLine();
        }

        writer.Text(_line.Written);
    }
}
