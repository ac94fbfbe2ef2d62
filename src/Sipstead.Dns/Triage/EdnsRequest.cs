namespace Sipstead.Dns;

/// <summary>What the OPT record of a query asks for (RFC 6891 6.1).</summary>
internal readonly record struct EdnsRequest(ushort PayloadSize, byte Version, bool IsDnsSecOk)
{
    public static EdnsRequest From(WireRecord opt) =>
        new(opt.Class, (byte)(opt.TimeToLive >> 16), (opt.TimeToLive & 0x8000) != 0);
}
