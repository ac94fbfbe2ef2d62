using Sipstead.Media.Audio;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Audio;

public sealed class AudioPipeTests
{
    private readonly short[] _frame = new short[AudioFormat.FrameSamples];

    [Fact]
    public void What_was_written_is_read_and_then_silence_without_end()
    {
        var pipe = new AudioPipe();
        pipe.Write([1, 2, 3]);
        Assert.Equal(_frame.Length, pipe.Read(_frame));
        Assert.Equal([1, 2, 3, 0], _frame[..4]);
        Assert.Equal(_frame.Length, pipe.Read(_frame));
        Assert.Equal(0, _frame[0]);
    }

    [Fact]
    public void Who_reads_too_late_gets_the_newest_frame()
    {
        var pipe = new AudioPipe(limit: 3);
        for (short i = 1; i <= 3; i++) pipe.Write(Filled(i));
        pipe.Read(_frame);
        Assert.Equal(1, _frame[0]);
        for (short i = 4; i <= 5; i++) pipe.Write(Filled(i));
        pipe.Read(_frame);
        Assert.Equal(5, _frame[^1]);
        Assert.Equal(3 * _frame.Length, pipe.Dropped);
    }

    [Fact]
    public void A_write_of_any_length_is_taken()
    {
        var pipe = new AudioPipe();
        var whole = new short[20_000];
        whole[^1] = 7;
        pipe.Write(whole);
        pipe.Write([]);
        pipe.Read(_frame);
        Assert.Equal(7, _frame[^1]);
    }

    [Fact]
    public async Task The_order_stays_between_two_threads()
    {
        const int frames = 20_000;
        var pipe = new AudioPipe(limit: 50);
        var writing = Task.Run(() =>
        {
            var frame = new short[7];
            for (var i = 0; i < frames; i++)
            {
                Array.Fill(frame, (short)(i % 30_000 + 1));
                pipe.Write(frame);
            }
        }, TestContext.Current.CancellationToken);
        var last = 0;
        var buffer = new short[11];
        while (true)
        {
            var isEnd = writing.IsCompleted;
            pipe.Read(buffer);
            foreach (var sample in buffer.Where(s => s != 0))
            {
                Assert.True(sample >= last, "Samples came in another order than they were written.");
                last = sample;
            }

            if (isEnd && buffer[0] == 0) break;
        }

        await writing;
        Assert.True(last > 0);
    }

    [Fact]
    public void Reading_and_writing_allocate_nothing()
    {
        var pipe = new AudioPipe();
        Assert.Equal(0, Allocations.Of(() =>
        {
            pipe.Write(_frame);
            pipe.Read(_frame);
        }));
    }

    private static short[] Filled(short value)
    {
        var frame = new short[AudioFormat.FrameSamples];
        Array.Fill(frame, value);
        return frame;
    }
}
