using System.Text;
using Sipstead.Sip.Writing;

namespace Sipstead.Registrar.Gruus;

/// <summary>Public GRUUs (RFC 5627 3.1.1): the address-of-record with the instance in <c>gr</c>. The same as long as the device keeps its instance.</summary>
public static class PublicGruu
{
    private const int MaxLength = 8 * 1024;

    /// <summary>The public GRUU of a device.</summary>
    /// <param name="instance">Its +sip.instance, without quotes and angle brackets.</param>
    public static string Of(string userName, string realmFqdn, string instance)
    {
        var writer = new SipWriter();
        writer.Reset(new byte[MaxLength]);
        writer.Text("sip:"u8);
        Write(writer, Encoding.UTF8.GetBytes(userName), Encoding.UTF8.GetBytes(realmFqdn), Encoding.UTF8.GetBytes(instance));
        return Encoding.ASCII.GetString(writer.Written);
    }

    /// <summary>Writes what follows the scheme.</summary>
    internal static void Write(SipWriter writer, ReadOnlySpan<byte> userName, ReadOnlySpan<byte> realmFqdn, ReadOnlySpan<byte> instance)
    {
        writer.EscapedUser(userName);
        writer.Text("@"u8);
        writer.Text(realmFqdn);
        writer.Text(";gr="u8);
        writer.EscapedParameter(instance);
    }
}
