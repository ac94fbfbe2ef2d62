using Sipstead.Sip.Writing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Writing;

public sealed class SipWriterTests
{
    private readonly SipWriter _writer = new();

    [Fact]
    public void Value_LetsNoLineBreakOrNulPass()
    {
        _writer.Reset(new byte[600]);
        _writer.Value([.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        var written = _writer.Written.ToArray();
        Assert.Equal(256, written.Length);
        for (var octet = 0; octet < 256; octet++) Assert.Equal(octet is 0 or '\r' or '\n' ? (byte)'?' : (byte)octet, written[octet]);
    }

    [Fact]
    public void Value_OnlyWhatItWrote_IsChanged()
    {
        _writer.Reset(new byte[20]);
        _writer.Text("a\r\n"u8);
        _writer.Value("b\r\n"u8);
        _writer.EndLine();
        Assert.Equal("a\r\nb??\r\n", ParsedMessage.Text(_writer.Written));
    }

    [Fact]
    public void Overflow_AtEachLength_IsNotedAndWritesNothingBehindTheBuffer()
    {
        for (var size = 0; size <= 6; size++)
        {
            var buffer = new byte[10];
            _writer.Reset(buffer.AsMemory(0, size));
            _writer.Value("12345"u8);
            Assert.Equal(size < 5, _writer.Overflowed);
            Assert.All(buffer[size..], octet => Assert.Equal(0, octet));
        }
    }

    [Fact]
    public void Overflow_OfEachKind_IsNoted()
    {
        foreach (var write in new Action<SipWriter>[]
        {
            w => w.Text("12345678"u8), w => w.Value("12345678"u8), w => w.Number(12345678), w => w.Hex(1), w => w.Date(DateTimeOffset.UnixEpoch),
        })
        {
            _writer.Reset(new byte[7]);
            write(_writer);
            Assert.True(_writer.Overflowed);
            Assert.Equal(0, _writer.Length);
            _writer.Clear();
            Assert.False(_writer.Overflowed);
        }
    }

    [Fact]
    public void NumberHexAndDate_AreWrittenAsSipWritesThem()
    {
        _writer.Reset(new byte[100]);
        _writer.Number(0);
        _writer.Text(" "u8);
        _writer.Hex(0xABC);
        _writer.Text(" "u8);
        _writer.Date(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)));
        Assert.Equal("0 0000000000000abc Fri, 02 Jan 2026 01:04:05 GMT", ParsedMessage.Text(_writer.Written));
    }
}
