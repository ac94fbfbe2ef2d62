using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sipstead.Testing;

/// <summary>What a program left when it ended.</summary>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
public sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    /// <summary>For a failed test's message.</summary>
    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}

/// <summary>A program that was started by a test and never outlives it.</summary>
public sealed class ProgramRun : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Transcript _output;
    private readonly Transcript _errors;

    private ProgramRun(Process process)
    {
        _process = process;
        _output = new Transcript(process.StandardOutput);
        _errors = new Transcript(process.StandardError);
    }

    /// <summary>The id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Standard output so far.</summary>
    public string Output => _output.Text;

    /// <summary>Standard error so far.</summary>
    public string Errors => _errors.Text;

    /// <summary>Null while the program runs; 128 and the signal's number after a signal.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Whether a program of this name can be started.</summary>
    public static bool IsInstalled(string name) => Locate(name) is not null;

    /// <summary>Starts a program with its standard input open and silent. A null in the environment takes the variable away.</summary>
    public static ProgramRun Start(
        string name, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(Locate(name) ?? name, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        foreach (var (variable, value) in environment ?? new Dictionary<string, string?>()) start.Environment[variable] = value;
        return new ProgramRun(Process.Start(start)!);
    }

    /// <summary>Runs a program to its end. Throws <see cref="TimeoutException"/> after <paramref name="deadline"/>.</summary>
    public static async Task<ProgramResult> RunAsync(
        string name, IEnumerable<string> arguments, CancellationToken cancellationToken, TimeSpan? deadline = null,
        IReadOnlyDictionary<string, string?>? environment = null, string? workingDirectory = null)
    {
        await using var run = Start(name, arguments, environment, workingDirectory);
        run._process.StandardInput.Close();
        return await run.WaitForExitAsync(deadline ?? TimeSpan.FromSeconds(60), cancellationToken);
    }

    /// <summary>Writes a line to the program's standard input.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for the end. Throws <see cref="TimeoutException"/> with what was printed.</summary>
    public async Task<ProgramResult> WaitForExitAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        try
        {
            await _process.WaitForExitAsync(cancellationToken).WaitAsync(deadline, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} did not end within {deadline.TotalSeconds} s.\n{Output}\n{Errors}");
        }

        await Task.WhenAll(_output.Completed, _errors.Completed).WaitAsync(deadline, cancellationToken);
        return new ProgramResult(_process.ExitCode, Output, Errors);
    }

    /// <summary>Sends a signal, such as TERM.</summary>
    public Task SignalAsync(string signal, CancellationToken cancellationToken) =>
        RunAsync("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {_process.Id}")], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string? Locate(string name)
    {
        if (Path.IsPathRooted(name)) return File.Exists(name) ? name : null;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(["/usr/sbin", "/sbin"])
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Reads a stream to its end while others look at what came so far.</summary>
    private sealed class Transcript
    {
        private readonly StringBuilder _text = new();
        private readonly StreamReader _reader;

        public Transcript(StreamReader reader)
        {
            _reader = reader;
            Completed = ReadAsync();
        }

        public Task Completed { get; }

        public string Text
        {
            get
            {
                lock (_text) return _text.ToString();
            }
        }

        private async Task ReadAsync()
        {
            var buffer = new char[4096];
            try
            {
                while (await _reader.ReadAsync(buffer) is > 0 and var read)
                {
                    lock (_text) _text.Append(buffer, 0, read);
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // The program was ended, and its pipe with it.
            }
        }
    }
}
