using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sipstead.Media.Audio;

/// <summary>What a program wrote to its standard output, or why that is of no use.</summary>
/// <param name="Output">Standard output; empty on failure.</param>
/// <param name="Error">One sentence; null on success.</param>
internal readonly record struct ProgramOutput(ReadOnlyMemory<byte> Output, string? Error)
{
    /// <summary>True when it failed because it took too long.</summary>
    public bool IsLate { get; init; }

    public static ProgramOutput Failed(string error) => new(default, error);
}

/// <summary>
/// A program that turns its standard input into its standard output, in a process of its own (ruling 34). Output, time and the number of processes at
/// once are bounded, and no process outlives the call that started it.
/// </summary>
/// <param name="path">Name or path of the program.</param>
/// <param name="installation">How to get it, the end of a sentence: "apt-get install ffmpeg, or ...".</param>
/// <param name="slots">How many run at once.</param>
/// <param name="time">Clock of the deadline.</param>
internal sealed class ExternalProgram(string path, string installation, ProgramSlots slots, TimeProvider time)
{
    private const int ErrorOctets = 2_048;
    private const int ErrorCharacters = 200;

    /// <summary>All that the process gets of our environment, which can hold secrets.</summary>
    private static readonly string[] PassedOn = ["PATH", "LD_LIBRARY_PATH", "HOME", "TMPDIR", "ESPEAK_DATA_PATH"];

    private string Name => Path.GetFileName(path);

    /// <summary>
    /// Runs the program once; the deadline includes the wait for a slot. Throws only <see cref="OperationCanceledException"/>, once the process is gone.
    /// </summary>
    public async Task<ProgramOutput> RunAsync(
        IEnumerable<string> arguments, ReadOnlyMemory<byte> input, int maximumOutput, TimeSpan deadline, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(deadline, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            if (!await slots.EnterAsync(ended.Token).ConfigureAwait(false))
                return ProgramOutput.Failed($"Too many requests wait for {Name} already; try again later.");
            try
            {
                return await RunProcessAsync(arguments, input, maximumOutput, ended.Token).ConfigureAwait(false);
            }
            finally
            {
                slots.Leave();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ProgramOutput.Failed(string.Create(CultureInfo.InvariantCulture, $"{Name} took longer than {deadline.TotalSeconds} s.")) with { IsLate = true };
        }
    }

    private async Task<ProgramOutput> RunProcessAsync(
        IEnumerable<string> arguments, ReadOnlyMemory<byte> input, int maximumOutput, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = CreateStartInfo(arguments) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return ProgramOutput.Failed(Missing(e));
        }

        // Only the end of the process ends a read or write of its pipes that is under way.
        await using var killing = cancellationToken.Register(() => Kill(process)).ConfigureAwait(false);
        return await ExchangeAsync(process, input, maximumOutput, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ProgramOutput> ExchangeAsync(Process process, ReadOnlyMemory<byte> input, int maximumOutput, CancellationToken cancellationToken)
    {
        var writing = WriteAsync(process.StandardInput.BaseStream, input);
        var readingErrors = ReadHeadAsync(process.StandardError.BaseStream);
        var output = await ReadAsync(process.StandardOutput.BaseStream, maximumOutput).ConfigureAwait(false);
        if (output is null) Kill(process);
        await writing.ConfigureAwait(false);
        var errors = await readingErrors.ConfigureAwait(false);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (output is null) return ProgramOutput.Failed($"{Name} made more audio than is accepted.");
        return process.ExitCode == 0 ? new ProgramOutput(output.Value, null) : ProgramOutput.Failed(ExitText(process.ExitCode, errors));
    }

    private ProcessStartInfo CreateStartInfo(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        var inherited = PassedOn.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).Where(v => v.Value is not null).ToList();
        start.Environment.Clear();
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in inherited) start.Environment[name] = value;
        return start;
    }

    private static async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> input)
    {
        try
        {
            await using (stream.ConfigureAwait(false)) await stream.WriteAsync(input).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The program ended without reading everything: its exit code tells whether that was well.
        }
    }

    /// <summary>Null when there is more than allowed.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(Stream stream, int maximum)
    {
        var buffer = new byte[Math.Min(maximum, 65_536)];
        var filled = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(filled)).ConfigureAwait(false);
            if (read == 0) return buffer.AsMemory(0, filled);
            filled += read;
            if (filled < buffer.Length) continue;
            if (filled == maximum) return await IsAtEndAsync(stream).ConfigureAwait(false) ? buffer : default(ReadOnlyMemory<byte>?);
            Array.Resize(ref buffer, (int)Math.Min(maximum, buffer.Length * 2L));
        }
    }

    private static async Task<bool> IsAtEndAsync(Stream stream) => await stream.ReadAsync(new byte[1]).ConfigureAwait(false) == 0;

    /// <summary>The first octets; the rest is read too, so that the program is not held up, and dropped.</summary>
    private static async Task<string> ReadHeadAsync(Stream stream)
    {
        var head = new byte[ErrorOctets];
        var filled = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false).ConfigureAwait(false);
        if (filled == head.Length) await stream.CopyToAsync(Stream.Null).ConfigureAwait(false);
        return Encoding.UTF8.GetString(head, 0, filled);
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It, or a child of its, ended by itself meanwhile.
        }
    }

    private string Missing(Win32Exception failure) =>
        failure.NativeErrorCode is 2 ? $"{Name} is not installed: {installation}." : $"{Name} could not be started: {failure.Message.TrimEnd('.')}.";

    private string ExitText(int code, string errors)
    {
        var line = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "it did not say why";
        if (line.Length > ErrorCharacters) line = line[..ErrorCharacters];
        return string.Create(CultureInfo.InvariantCulture, $"{Name} ended with exit code {code}: {line.TrimEnd('.')}.");
    }
}
