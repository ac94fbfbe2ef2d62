namespace Sipstead.Interop.Tests.Attacks;

/// <summary>A server whose limits hold for this machine too, and leave strangers so little that a flood is above it however busy the machine is.</summary>
public sealed class FloodedServer() : InteropServer(
    ("Sipstead__Limits__IncludeLoopback", "true"), ("Sipstead__Limits__RequestsPerSecond", "1"), ("Sipstead__Limits__RequestBurst", "200"));
