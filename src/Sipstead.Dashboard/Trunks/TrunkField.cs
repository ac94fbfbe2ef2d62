using Sipstead.Provisioning;

namespace Sipstead.Dashboard.Trunks;

/// <summary>The fields of a trunk's form that a rule can speak of.</summary>
internal enum TrunkField
{
    /// <summary>None of them: the words stand above the form.</summary>
    None,
    Name,
    Host,
    Port,
    Priority,
    UserName,
    Password,
    Sources,
    Outbound,
    CallerIds,
    Routes,
}

/// <summary>Finds the field that a refusal is about, so that its words stand there.</summary>
internal static class TrunkFields
{
    /// <summary>How the words of each rule begin.</summary>
    private static readonly (string Beginning, TrunkField Field)[] Rules =
    [
        ("name ", TrunkField.Name), ("Invalid name", TrunkField.Name), ("host ", TrunkField.Host), ("Invalid host", TrunkField.Host),
        ("port ", TrunkField.Port), ("priority ", TrunkField.Priority), ("Invalid userName", TrunkField.UserName), ("password needs", TrunkField.UserName),
        ("password ", TrunkField.Password), ("Invalid password", TrunkField.Password), ("Invalid sources", TrunkField.Sources), ("Source ", TrunkField.Sources),
        ("Invalid outbound", TrunkField.Outbound), ("Invalid callerIds", TrunkField.CallerIds), ("Invalid routes", TrunkField.Routes),
        ("Application ", TrunkField.Routes), ("SipPeer ", TrunkField.Routes),
    ];

    public static TrunkField Of(ProvisioningError error) =>
        Array.Find(Rules, rule => error.Description.StartsWith(rule.Beginning, StringComparison.Ordinal)).Field;
}
