namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Ends a stream; nothing when none has the name (bxml.md 8).</summary>
internal sealed class StopStream(string name, bool waits) : Verb
{
    public static StopStream Read(VerbElement element)
    {
        if (element.Value("name") is not { Length: > 0 } name)
        {
            element.Fail("name", "StopStream has no name; it is required.");
            name = "";
        }

        return new StopStream(name, element.Boolean("wait", otherwise: false));
    }

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        await call.Streams.StopAsync(name, waits, interrupted);
        return VerbOutcome.Next;
    }
}
