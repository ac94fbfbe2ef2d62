namespace Sipstead.Server.Composition;

/// <summary>The server cannot start. The message is one line for an operator.</summary>
internal sealed class StartupException : Exception
{
    public StartupException(string message)
        : base(message)
    {
    }

    public StartupException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
