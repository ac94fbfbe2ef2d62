using System.Text;
using System.Text.Json;
using Sipstead.Media.Audio;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Plays prompts and collects digits (bxml.md 5.1). With gatherUrl a webhook always follows, also when nothing was pressed.</summary>
internal sealed class Gather(GatherRules rules, IReadOnlyList<Prompt> prompts, CallbackTargets? targets, string? tag) : Verb
{
    public static Gather Read(VerbElement element)
    {
        var prompts = element.Children.OfType<Prompt>().ToArray();
        return new Gather(GatherRules.Read(element, prompts.Length), prompts, element.Callback("gather"), element.Tag());
    }

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        SetTag(call, tag);
        if (rules.WantsSpeech) return VerbOutcome.ApplicationError("Gather cannot take speech: speech input needs an engine, and there is none.");
        using var keys = call.ListenForDigits(); // before the answer: a quick caller presses right behind its ACK
        await call.AnswerAsync(interrupted);
        var gathered = await CollectAsync(call, keys, interrupted);
        if (gathered.Error is { } error) return VerbOutcome.ApplicationError(error);
        if (targets is null) return VerbOutcome.Next;
        return await call.CallbackAsync(new VerbCallback("gather", targets.Primary, targets.Fallback, gathered.WriteFields), interrupted);
    }

    private async Task<Gathered> CollectAsync(IVerbCall call, IDigitListener keys, CancellationToken interrupted)
    {
        using var others = call.Keys.Pause();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        try
        {
            var next = keys.ReadAsync(ended.Token).AsTask();
            if (await PlayUntilDigitAsync(call, next, interrupted) is { } error) return new Gathered("", null, error);
            var digits = new StringBuilder();
            for (var hasDigit = next.IsCompleted; hasDigit; hasDigit = await ComesAsync(call, next, rules.InterDigitTimeout, interrupted))
            {
                var digit = await next;
                if (rules.TerminatingDigits.Contains(digit, StringComparison.Ordinal)) return new Gathered(digits.ToString(), digit, null);
                if (digits.Append(digit).Length == rules.MaxDigits) break;
                next = keys.ReadAsync(ended.Token).AsTask();
            }

            return new Gathered(digits.ToString(), null, null);
        }
        finally
        {
            ended.Cancel();
        }
    }

    /// <summary>Plays the rounds, each with its time for the first digit. Gives why a prompt could not be played, else null.</summary>
    private async Task<string?> PlayUntilDigitAsync(IVerbCall call, Task<char> digit, CancellationToken interrupted)
    {
        var clips = new AudioClip?[prompts.Count];
        for (var round = 0; round < rules.RepeatCount; round++)
        {
            if (await PlayRoundAsync(call, clips, digit, interrupted) is { } error) return error;
            if (await ComesAsync(call, digit, rules.FirstDigitTimeout, interrupted)) break;
        }

        return null;
    }

    private async Task<string?> PlayRoundAsync(IVerbCall call, AudioClip?[] clips, Task<char> digit, CancellationToken interrupted)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        var playing = PlayPromptsAsync(call, clips, stop.Token);
        await Task.WhenAny(digit, playing);
        if (digit.IsCompleted) stop.Cancel();
        try
        {
            return await playing;
        }
        catch (OperationCanceledException) when (digit.IsCompletedSuccessfully && !interrupted.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>What the first round fetched and spoke, the others play again.</summary>
    private async Task<string?> PlayPromptsAsync(IVerbCall call, AudioClip?[] clips, CancellationToken stop)
    {
        for (var i = 0; i < clips.Length; i++)
        {
            if (clips[i] is null)
            {
                var audio = await prompts[i].GetAudioAsync(call, stop);
                if (audio.Clip is null) return audio.Error ?? "There is no audio.";
                clips[i] = audio.Clip;
            }

            await call.PlayAsync(clips[i]!.Play(), stop);
        }

        return null;
    }

    private static async Task<bool> ComesAsync(IVerbCall call, Task<char> digit, TimeSpan timeout, CancellationToken interrupted)
    {
        if (digit.IsCompleted) return true;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        await Task.WhenAny(digit, Task.Delay(timeout, call.Time, stop.Token));
        stop.Cancel();
        interrupted.ThrowIfCancellationRequested();
        return digit.IsCompleted;
    }

    private sealed record Gathered(string Digits, char? TerminatingDigit, string? Error)
    {
        public void WriteFields(Utf8JsonWriter json)
        {
            json.WriteString("digits"u8, Digits);
            json.WriteString("terminatingDigit"u8, TerminatingDigit?.ToString() ?? "");
        }
    }
}
