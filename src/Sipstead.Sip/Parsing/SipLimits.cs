namespace Sipstead.Sip.Parsing;

/// <summary>What a message may be at most (MSG-19). Over a limit the answer is 513, 414 for the Request-URI, else 400.</summary>
public static class SipLimits
{
    /// <summary>Octets of one message on a stream, body included.</summary>
    public const int StreamMessage = 65_535;

    /// <summary>Octets of one UDP payload over IPv4.</summary>
    public const int Datagram = 65_507;

    /// <summary>Octets of start line and headers.</summary>
    public const int HeaderSection = 32 * 1024;

    /// <summary>Octets of one header line, folded lines joined.</summary>
    public const int Line = 8 * 1024;

    /// <summary>Header lines.</summary>
    public const int Headers = 256;

    /// <summary>Via values: one for each hop that Max-Forwards allows.</summary>
    public const int Vias = 70;

    /// <summary>Contact values in one REGISTER.</summary>
    public const int Contacts = 20;

    /// <summary>Octets of the Request-URI.</summary>
    public const int RequestUri = 2 * 1024;

    /// <summary>Parameters of one header value or URI.</summary>
    public const int Parameters = 64;
}
