using Npgsql;

namespace Sipstead.Provisioning.Store;

/// <summary>Reads the connection string of a PostgreSQL database. Nothing here repeats it: it holds a password.</summary>
internal static class PostgresConnection
{
    /// <summary>How long to wait for a connection and for a statement, in seconds, where the string does not say it.</summary>
    private const int ConnectTimeout = 5;
    private const int CommandTimeout = 15;

    private const string Form = "write Host=...;Database=...;Username=...;Password=..., a value with ; or = in it between double quotes";

    /// <summary>What is wrong with a connection string, in an operator's words.</summary>
    public static IEnumerable<string> Validate(string text)
    {
        if (Parse(text) is not { } connection)
        {
            yield return $"Sipstead:Database cannot be read as a connection string of PostgreSQL; {Form}.";
            yield break;
        }

        if (string.IsNullOrEmpty(connection.Host)) yield return $"Sipstead:Database names no host; {Form}. Unset, it is SQLite in the data folder.";
        else if (connection.Host.Contains(',', StringComparison.Ordinal))
            yield return "Sipstead:Database names several hosts; name the one that writes go to.";
        if (string.IsNullOrEmpty(connection.Database)) yield return $"Sipstead:Database names no database; {Form}.";
    }

    /// <summary>The connection string, with our time-outs: nobody waits for ever.</summary>
    public static NpgsqlConnectionStringBuilder Read(string text)
    {
        var connection = Parse(text) ?? throw new ProvisioningStoreException($"The connection string of the database cannot be read; {Form}.");
        if (!connection.ShouldSerialize("Timeout")) connection.Timeout = ConnectTimeout;
        if (!connection.ShouldSerialize("Command Timeout") || connection.CommandTimeout == 0) connection.CommandTimeout = CommandTimeout;
        if (string.IsNullOrEmpty(connection.ApplicationName)) connection.ApplicationName = "sipstead";
        connection.IncludeErrorDetail = false; // details of errors quote rows
        connection.Enlist = false;
        return connection;
    }

    private static NpgsqlConnectionStringBuilder? Parse(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return null; // its message may quote what stands behind a semicolon of the password
        }
    }
}
