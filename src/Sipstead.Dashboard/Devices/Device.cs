using System.Globalization;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Transport;

namespace Sipstead.Dashboard.Devices;

/// <summary>A registration as the list shows it.</summary>
/// <param name="UserName">The credential's.</param>
/// <param name="RealmFqdn">The full name of its realm.</param>
public sealed record Device(Binding Binding, string UserName, string RealmFqdn)
{
    /// <summary>Whether the way to it leads through a translation of addresses.</summary>
    public NatFinding Nat { get; } = NatFindings.Of(Binding);

    /// <summary>Where its packets come from, and go to.</summary>
    public string Source { get; } = Binding.Flow.Source.ToString();

    /// <summary>Time left until its registration ends: "59:32", "1:02:03".</summary>
    public string ExpiresIn => Binding.ExpiresIn < 3600
        ? string.Create(CultureInfo.InvariantCulture, $"{Binding.ExpiresIn / 60}:{Binding.ExpiresIn % 60:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{Binding.ExpiresIn / 3600}:{Binding.ExpiresIn / 60 % 60:00}:{Binding.ExpiresIn % 60:00}");

    /// <summary>Why it can be reached or not, in words.</summary>
    public string Reachability => Binding.Reachable
        ? $"Calls go to {Source} over {Binding.Flow.Transport.Token()}."
        : "The connection that it registered over is gone. It can be called again once it registers anew.";

    /// <summary>What the comparison of addresses says, in words.</summary>
    public string NatWords => Nat switch
    {
        NatFinding.None => "The Contact has the address that packets come from.",
        NatFinding.Seen => $"Packets come from {Source}, which the Contact does not say. Calls go where packets come from.",
        _ => "The Contact has a name instead of an address, so it cannot be compared with where packets come from.",
    };

    /// <summary>Whether user, Contact, User-Agent or address contains a text, in any case. Everything contains an empty one.</summary>
    public bool Matches(string text)
    {
        return text.Length == 0 || IsIn(UserName) || IsIn(Binding.Contact) || IsIn(Binding.UserAgent) || IsIn(Source);

        bool IsIn(string value) => value.Contains(text, StringComparison.OrdinalIgnoreCase);
    }
}
