using System.Text;
using Sipstead.Media.Transcription;
using Sipstead.Testing.Fuzzing;

namespace Sipstead.Media.Tests.Transcription;

/// <summary>What transcribing programs write.</summary>
public sealed class TranscriptReaderTests
{
    private const string Whole =
        """{"text":" Hello there. ","confidence":0.5,"segments":[{"text":"Hello","start":0.25,"end":0.5,"confidence":0.75},{"text":"there.","start":0.5,"end":1}]}""";

    [Theory]
    [InlineData("Hello there.\n", "Hello there.")]
    [InlineData("  \n", "")]
    [InlineData("{not an object", "{not an object")]
    [InlineData("[1, 2]", "[1, 2]")]
    [InlineData("{\"text\":\"Hello\"}", "Hello")]
    [InlineData("{\"segments\":[{\"text\":\"Hello\",\"start\":0,\"end\":1},{\"text\":\"there\",\"start\":1,\"end\":2}]}", "Hello there")]
    public void Text_IsRead(string output, string text) => Assert.Equal(text, Read(output)?.Text);

    [Fact]
    public void Segments_AreRead()
    {
        var transcript = Read(Whole)!;
        Assert.Equal(("Hello there.", 0.5), (transcript.Text, transcript.Confidence));
        Assert.Equal(
            [
                new TranscriptClip("Hello", TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.5), 0.75),
                new TranscriptClip("there.", TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), null),
            ],
            transcript.Clips);
    }

    [Theory]
    [InlineData("\"en-US\"", "en-US")]
    [InlineData("\"\"", null)]
    [InlineData("7", null)]
    [InlineData("\"a language with a name that is far too long\"", null)]
    public void Language_IsRead(string json, string? language) => Assert.Equal(language, Read($$"""{"text":"Hello","language":{{json}}}""")!.Language);

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"text\":5}")]
    [InlineData("{\"segments\":[5, {}, {\"text\":\"no times\"}, {\"text\":\"backwards\",\"start\":2,\"end\":1}, {\"text\":\"far\",\"start\":0,\"end\":1e300}]}")]
    public void ObjectWithoutText_IsNone(string output) => Assert.Null(Read(output));

    [Fact]
    public void Mutations_AreReadOrNot_ButNeverThrow() => FuzzRun.Over(
        "transcript", [Encoding.UTF8.GetBytes(Whole), "{\"text\":\"\\ud800\"}"u8.ToArray(), "plain words"u8.ToArray()], 20_000, octets => TranscriptReader.Read(octets));

    private static Transcript? Read(string output) => TranscriptReader.Read(Encoding.UTF8.GetBytes(output));
}
