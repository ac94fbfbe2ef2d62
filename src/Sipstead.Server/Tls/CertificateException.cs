namespace Sipstead.Server.Tls;

/// <summary>A certificate, key or list of authorities cannot be used. The message is one line for an operator.</summary>
internal sealed class CertificateException(string message, Exception? inner = null) : Exception(message, inner);
