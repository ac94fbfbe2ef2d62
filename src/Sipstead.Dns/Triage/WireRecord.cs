namespace Sipstead.Dns;

/// <summary>The frame of a resource record: where it lies in the message and its fixed fields.</summary>
internal readonly record struct WireRecord(int Start, int End, bool HasRootName, ushort Type, ushort Class, uint TimeToLive, int DataStart);
