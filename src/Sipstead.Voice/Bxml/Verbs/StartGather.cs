using Sipstead.Webhooks;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>A webhook for each key from now on (bxml.md 5.2). Goes on at once, and answers no call.</summary>
internal sealed class StartGather(WebhookTarget target, string? tag) : Verb
{
    public static StartGather Read(VerbElement element) => new(element.RequiredCallback("dtmf").Primary, element.Tag());

    internal override Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        SetTag(call, tag);
        call.Keys.Start(target);
        return Task.FromResult(VerbOutcome.Next);
    }
}
