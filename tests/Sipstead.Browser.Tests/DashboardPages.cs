namespace Sipstead.Browser.Tests;

/// <summary>The pages of the menu, and what their headings say.</summary>
internal static class DashboardPages
{
    public static TheoryData<string, string> All { get; } = new()
    {
        { "", "Overview" },
        { "credentials", "SIP Credentials" },
        { "devices", "Devices" },
        { "applications", "Applications" },
        { "calls", "Calls" },
        { "conferences", "Conferences" },
        { "recordings", "Recordings" },
        { "trunks", "Trunks" },
        { "bxml", "BXML editor" },
        { "doctor", "Connection doctor" },
        { "users", "Users" },
        { "audit", "Audit" },
        { "settings", "Settings" },
    };
}
