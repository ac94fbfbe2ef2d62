using System.Text;

namespace Sipstead.Voice.Bxml.Runs;

/// <summary>A document in the log. What runs is noted on the call's mailbox, and looked at from anywhere.</summary>
internal sealed class LoggedDocument
{
    /// <summary>Verbs kept of one document. None runs twice, so that only a document of very many has more.</summary>
    internal const int MaxVerbs = 256;

    /// <summary>Memory of what is kept beside the text, nearly.</summary>
    private const int OctetsOfDocument = 512;

    private const int OctetsOfVerb = 128;

    private readonly Lock _lock = new();
    private readonly List<RanVerb> _verbs = [];
    private readonly BxmlSource _source;
    private readonly DateTimeOffset _at;
    private readonly byte[] _octets;
    private readonly BxmlError? _error;

    /// <param name="octets">Copied.</param>
    public LoggedDocument(BxmlSource source, DateTimeOffset at, ReadOnlyMemory<byte> octets, BxmlResult read)
    {
        _source = source;
        _at = at;
        _octets = octets.ToArray();
        _error = read.Error;
        Octets = OctetsOfDocument + TextOctets + (OctetsOfVerb * (long)Math.Min(read.Document?.Verbs.Count ?? 0, MaxVerbs));
    }

    /// <summary>Octets of the text.</summary>
    public int TextOctets => _octets.Length;

    /// <summary>Octets that it takes in memory when all its verbs have run, nearly.</summary>
    public long Octets { get; }

    /// <summary>Notes that a verb begins.</summary>
    public void Begin(Verb verb, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (_verbs.Count == MaxVerbs) _verbs.RemoveAt(0);
            _verbs.Add(new RanVerb(verb.Place.Name, verb.Place.Line, verb.Place.Column, at));
        }
    }

    /// <summary>Notes how the verb that began last went on; null when it was interrupted.</summary>
    public void End(VerbOutcome? outcome, DateTimeOffset at)
    {
        lock (_lock) _verbs[^1] = Ended(_verbs[^1] with { EndTime = at }, outcome);
    }

    public BxmlRun Look()
    {
        lock (_lock) return new BxmlRun(_source, _at, Encoding.UTF8.GetString(_octets), _error, [.. _verbs]);
    }

    private static RanVerb Ended(RanVerb verb, VerbOutcome? outcome) => outcome switch
    {
        null => verb with { End = VerbEnd.Interrupted },
        VerbOutcome.Replaced => verb with { End = VerbEnd.Replaced },
        VerbOutcome.Ended end => verb with { End = VerbEnd.EndedCall, Cause = end.Cause, Message = end.Message },
        _ => verb with { End = VerbEnd.Done },
    };
}
