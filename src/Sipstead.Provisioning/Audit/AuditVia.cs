namespace Sipstead.Provisioning.Audit;

/// <summary>How an actor came in. The numbers are stored.</summary>
public enum AuditVia
{
    /// <summary>The server itself.</summary>
    System = 0,

    /// <summary>The API with name and password.</summary>
    Basic = 1,

    /// <summary>The API with an access token.</summary>
    Token = 2,

    /// <summary>The dashboard.</summary>
    Dashboard = 3,

    /// <summary>The command line.</summary>
    CommandLine = 4,
}
