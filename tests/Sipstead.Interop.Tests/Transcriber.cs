using Sipstead.Testing;

namespace Sipstead.Interop.Tests;

/// <summary>A program that stands for a speech recogniser: it hears the same in every recording.</summary>
internal static class Transcriber
{
    private const string Script =
        """
        #!/bin/sh
        echo '{"text": "Hello there.", "confidence": 0.93, "segments": [{"text": "Hello there.", "start": 0.2, "end": 1.1, "confidence": 0.93}]}'
        """;

    /// <summary>Writes it, and returns its path.</summary>
    public static string WriteTo(TemporaryFolder folder)
    {
        var path = folder.Write("transcriber", Script);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
