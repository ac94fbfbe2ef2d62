namespace Sipstead.Interop.Tests.Attacks;

/// <summary>A server whose limits hold for this machine too, as they do for all others.</summary>
public sealed class GuardedServer() : InteropServer(("Sipstead__Limits__IncludeLoopback", "true"));
