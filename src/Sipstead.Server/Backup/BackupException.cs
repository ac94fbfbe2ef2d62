namespace Sipstead.Server.Backup;

/// <summary>A backup or restore that cannot be; the message is one line for an operator.</summary>
internal sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);
