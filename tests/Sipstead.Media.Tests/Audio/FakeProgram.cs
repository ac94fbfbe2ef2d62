using Sipstead.Testing;

namespace Sipstead.Media.Tests.Audio;

/// <summary>Shell scripts that stand in for ffmpeg and espeak-ng.</summary>
internal static class FakeProgram
{
    /// <summary>
    /// Writes a script, named <c>program</c>, and returns its path. A shell writes it: a file that is open in this process may not be run while another
    /// test's process is just being made.
    /// </summary>
    public static async Task<string> WriteAsync(TemporaryFolder folder, string script)
    {
        var path = folder["program"];
        var written = await ProgramRun.RunAsync(
            "sh", ["-c", "printf '#!/bin/sh\\n%s\\n' \"$1\" >\"$2.new\" && chmod 700 \"$2.new\" && mv -f \"$2.new\" \"$2\"", "sh", script, path],
            TestContext.Current.CancellationToken);
        Assert.Equal(0, written.ExitCode);
        return path;
    }
}
