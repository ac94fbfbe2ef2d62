using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Uas;

/// <summary>
/// Answers OPTIONS (RFC 3261 11) for the server: the same for every user of our domains, known or not (UAS-10), and for our own address, which monitors ask.
/// </summary>
public sealed class OptionsHandler(IServedDomains domains) : IRequestHandler
{
    private byte[] _allow = [];

    public SipMethod Method => SipMethod.Options;

    /// <summary>Takes the methods to name from the core that this handler is part of.</summary>
    public void Describe(UasCore core)
    {
        ArgumentNullException.ThrowIfNull(core);
        _allow = core.AllowLine.ToArray();
    }

    public void Handle(in SipRequest request, in SipFlow flow, in SipResponder responder)
    {
        if (!domains.Contains(request.Uri.Host) && !IsOurAddress(request.Uri, flow.Local))
        {
            responder.Send(404);
            return;
        }

        var writer = responder.Begin(200);
        writer.Text(_allow);
        writer.Text(BodyRules.AcceptLines);
        writer.Text(OptionTags.AllSupportedLine);
        responder.End();
    }

    private static bool IsOurAddress(in SipUri uri, in TransportAddress local)
    {
        Span<byte> text = stackalloc byte[TransportAddress.MaxTextLength];
        return Ascii.EqualsIgnoreCase(SipUri.TrimBrackets(uri.Host), text[..local.FormatAddress(text)]);
    }
}
