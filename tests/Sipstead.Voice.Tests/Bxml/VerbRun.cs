using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Voice.Bxml;

namespace Sipstead.Voice.Tests.Bxml;

/// <summary>A document that runs on a <see cref="FakeVerbCall"/>, with time and keys in the test's hand.</summary>
internal sealed class VerbRun : IDisposable
{
    /// <summary>Small enough that every wait of a verb ends on its own step.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public static readonly Uri BaseUrl = new("https://app.example/voice/answer?x=1");

    private readonly FakeTimeProvider _time = new();
    private readonly Mailbox _mailbox = new();
    private readonly CancellationTokenSource _interrupted = new();
    private Task<VerbOutcome.Ended>? _task;

    public VerbRun() => Call = new FakeVerbCall(_time);

    public FakeVerbCall Call { get; }

    public ILogger<BxmlRunner> Logger { get; init; } = NullLogger<BxmlRunner>.Instance;

    public List<string> Steps => Call.Steps;

    public bool IsOver => _task!.IsCompleted;

    /// <summary>How it ended; it must have.</summary>
    public VerbOutcome.Ended Outcome
    {
        get
        {
            Assert.True(IsOver, "The document still runs.");
            return _task!.GetAwaiter().GetResult();
        }
    }

    public bool IsCanceled => _task!.IsCanceled;

    /// <summary>The verbs of a document that must be valid.</summary>
    public static BxmlDocument Document(string verbs)
    {
        var result = BxmlReader.Read(Encoding.UTF8.GetBytes($"<Response>{verbs}</Response>"), BaseUrl, BxmlContext.Call);
        Assert.Null(result.Error);
        return result.Document!;
    }

    public VerbRun Answering(string verbs)
    {
        Call.Answers.Enqueue(VerbOutcome.Replace(Document(verbs)));
        return this;
    }

    public VerbRun Start(string verbs) => Start(Document(verbs));

    public VerbRun Start(BxmlDocument document)
    {
        _mailbox.Run(() => _task = new BxmlRunner(Logger).RunAsync(document, Call, _interrupted.Token));
        return this;
    }

    public VerbRun After(double seconds)
    {
        for (var left = TimeSpan.FromSeconds(seconds); left > TimeSpan.Zero; left -= Step) _mailbox.Run(() => _time.Advance(left < Step ? left : Step));
        return this;
    }

    public VerbRun Press(string digits)
    {
        foreach (var digit in digits) _mailbox.Run(() => Call.Press(digit));
        return this;
    }

    /// <summary>Ends the recording of Record, as its longest duration does.</summary>
    public VerbRun EndRecording()
    {
        _mailbox.Run(Call.Recordings.Running!.End);
        return this;
    }

    /// <summary>Interrupts the document, which ends it.</summary>
    public VerbRun Interrupt()
    {
        _mailbox.RunUntilOver(_interrupted.Cancel, _task!);
        return this;
    }

    public void Dispose() => _interrupted.Dispose();
}
