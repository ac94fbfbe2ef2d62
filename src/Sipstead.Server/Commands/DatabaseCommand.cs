using System.CommandLine;
using System.Globalization;
using Sipstead.Provisioning.Store;
using Sipstead.Server.Composition;
using Sipstead.Server.Configuration;

namespace Sipstead.Server.Commands;

/// <summary><c>sipstead database move</c>: from SQLite in the data folder to the PostgreSQL database of the settings, or back.</summary>
internal static class DatabaseCommand
{
    private const string ToPostgres = "postgresql";
    private const string ToSqlite = "sqlite";

    /// <summary>Rows between two lines of progress.</summary>
    private const long Step = 100_000;

    /// <param name="run">Runs an action with the settings.</param>
    public static Command Build(Func<Func<ServerSettings, Task<int>>, Task<int>> run)
    {
        var to = new Option<string>("--to")
        {
            Description = "postgresql: from SQLite in the data folder to the database that Sipstead__Database names. sqlite: the way back.", Required = true,
        };
        to.AcceptOnlyFromAmong(ToPostgres, ToSqlite);
        var move = new Command("move", "Copy accounts, users, realms, credentials and all else to the other database, while the server is stopped.") { to };
        move.SetAction((parsed, cancellationToken) => run(settings => MoveAsync(settings, parsed.GetValue(to) == ToPostgres, cancellationToken)));
        return new Command("database", "The database: SQLite or PostgreSQL.") { move };
    }

    private static async Task<int> MoveAsync(ServerSettings settings, bool isToPostgres, CancellationToken cancellationToken)
    {
        if (settings.Provisioning.Database is null)
            throw new StartupException("Set Sipstead__Database to the connection string of the PostgreSQL database, for either way.");
        using var folder = DataFolder.Open(settings.DataDirectory);
        var (postgres, sqlite) = (settings.Provisioning, settings.Provisioning with { Database = null });
        var (from, to) = isToPostgres ? (sqlite, postgres) : (postgres, sqlite);
        var counts = await DatabaseMove.RunAsync(from, to, Tell, cancellationToken);
        foreach (var (rows, count) in counts) Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,12:N0}  {rows}"));
        Console.Out.WriteLine(isToPostgres
            ? "All is moved to PostgreSQL. Next, start the server with Sipstead__Database set as it is now.\n"
                + "sipstead.db in the data folder stays as it was and is used no more; the rest of the folder is still needed."
            : "All is moved to SQLite in the data folder. Next, unset Sipstead__Database and start the server.\nThe PostgreSQL database stays as it was and is used no more.");
        return 0;
    }

    private static void Tell(DatabaseMoveProgress progress)
    {
        if (progress.Copied % Step == 0)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{progress.Copied:N0} of {progress.Total:N0} {progress.Rows}"));
    }
}
