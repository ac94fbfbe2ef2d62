namespace Sipstead.Voice.Bxml;

/// <summary>One verb of a document that runs, on a call or a conference.</summary>
internal static class VerbStep
{
    /// <summary>
    /// Runs it and notes that in the document's log. A verb that fails for a reason of ours ends with an error; throws nothing but
    /// <see cref="OperationCanceledException"/>, when interrupted.
    /// </summary>
    /// <param name="stage">What it runs on.</param>
    /// <param name="document">Holds it.</param>
    /// <param name="verb">Which.</param>
    /// <param name="run">Runs it.</param>
    /// <param name="failed">Logs a failure of ours.</param>
    /// <param name="interrupted">Interrupts it.</param>
    public static async Task<VerbOutcome> RunAsync(
        IVerbStage stage, BxmlDocument document, Verb verb, Func<Task<VerbOutcome>> run, Action<Exception> failed, CancellationToken interrupted)
    {
        interrupted.ThrowIfCancellationRequested();
        document.Log?.Begin(verb, stage.Time.GetUtcNow());
        VerbOutcome? outcome = null;
        try
        {
            return outcome = await run();
        }
        catch (Exception unexpected) when (unexpected is not OperationCanceledException || !interrupted.IsCancellationRequested)
        {
            failed(unexpected);
            return outcome = VerbOutcome.End("error", $"{verb.Place.Name} failed inside the server.");
        }
        finally
        {
            document.Log?.End(outcome, stage.Time.GetUtcNow());
        }
    }
}
