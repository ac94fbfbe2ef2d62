namespace Sipstead.Server.Configuration;

/// <summary>The configuration cannot be used; all reasons at once.</summary>
internal sealed class SettingsException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
