namespace Sipstead.Sip.Messages;

/// <summary>One header line in a <see cref="SipMessage"/>: its id and where name and value lie, relative to the start of the message.</summary>
public readonly record struct HeaderField(HeaderId Id, int NameStart, int NameLength, int ValueStart, int ValueLength);
