using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Sipstead.Testing;

/// <summary>
/// A PostgreSQL server of a test's own, of Debian's package, in a temporary folder and on a free port of loopback; the cluster that the package
/// makes when it is installed is left alone. It ends with the process that started it, also when that is killed.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>Who owns the databases; no superuser.</summary>
    public const string User = "sipstead";

    public const string Password = "p;ss \"w=rd\" of the database";

    private const string Versions = "/usr/lib/postgresql";
    private const string Superuser = "postgres";

    /// <summary>Makes a cluster and runs it until standard input ends. The server refuses to run as root. ICU sorts as people do, not by octets.</summary>
    private const string Script = """
        as=
        if [ "$(id -u)" = 0 ]; then
            chown -R postgres "$1"
            as="setpriv --reuid=postgres --regid=postgres --clear-groups"
        fi
        $as "$2/initdb" --pgdata "$1/data" --username postgres --pwfile "$1/password" --auth-host=password --auth-local=reject --encoding UTF8 \
            --locale C.UTF-8 --locale-provider icu --icu-locale en-US --no-sync >"$1/initdb" 2>&1 || { cat "$1/initdb"; exit 1; }
        $as "$2/postgres" -D "$1/data" -k "$1" -p "$3" -c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=off -c synchronous_commit=off \
            -c full_page_writes=off -c shared_buffers=64MB -c autovacuum=off >"$1/log" 2>&1 &
        server=$!
        read -r _
        kill -CONT "$server"
        kill -QUIT "$server"
        wait "$server"
        rm -rf "$1"
        """;

    private static readonly Lazy<Task<PostgresServer>> OfProcess = new(() => StartAsync(CancellationToken.None));

    private readonly TemporaryFolder _folder;
    private readonly Process _process;
    private int _databases;

    private PostgresServer(TemporaryFolder folder, Process process, int port)
    {
        _folder = folder;
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Why tests that need a server of PostgreSQL cannot run; null when they can.</summary>
    public static string? WhyMissing { get; } = Binaries is null ? "PostgreSQL is not installed (Debian: postgresql)" : null;

    private static string? Binaries => !Directory.Exists(Versions) ? null : Directory.EnumerateDirectories(Versions)
        .Select(version => Path.Combine(version, "bin")).Where(folder => File.Exists(Path.Combine(folder, "postgres")))
        .OrderByDescending(folder => folder, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The server that the tests of this process have together, each with databases of its own.</summary>
    public static Task<PostgresServer> OfThisProcessAsync() => OfProcess.Value;

    /// <summary>Starts a server that a test may stop and end.</summary>
    public static async Task<PostgresServer> StartAsync(CancellationToken cancellationToken)
    {
        var folder = new TemporaryFolder();
        folder.Write("password", Password);
        var port = FreePort.Take();
        var start = new ProcessStartInfo("sh", ["-c", Script, "sh", folder.Path, Binaries!, port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/",
        };
        var server = new PostgresServer(folder, Process.Start(start)!, port);
        try
        {
            await Poll.UntilAsync("PostgreSQL", () => server.AnswersAsync(cancellationToken), cancellationToken);
            await server.ExecuteAsync($"CREATE ROLE {User} LOGIN PASSWORD '{Password}'");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>How <see cref="User"/> connects to a database.</summary>
    public string ConnectionTo(string database) => Connection(database, User).ConnectionString;

    /// <summary>Makes a database, empty or like another one, and returns its name.</summary>
    public async Task<string> CreateDatabaseAsync(string template = "template0")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync($"CREATE DATABASE {name} OWNER {User} TEMPLATE {template}");
        return name;
    }

    public Task DropDatabaseAsync(string name) => ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");

    /// <summary>Runs statements as the superuser.</summary>
    public async Task<object?> ExecuteAsync(string sql, string database = Superuser)
    {
        await using var connection = new NpgsqlConnection(Connection(database, Superuser).ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Sends a signal to every process of the server: STOP takes it away without a word, CONT brings it back.</summary>
    public Task SignalAsync(string signal, CancellationToken cancellationToken) => ProgramRun.RunAsync(
        "sh", ["-c", $"p=$(head -n 1 {_folder.Path}/data/postmaster.pid); kill -{signal} $p $(cat /proc/$p/task/$p/children)"], cancellationToken);

    /// <summary>Ends the server.</summary>
    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private NpgsqlConnectionStringBuilder Connection(string database, string user) => new()
    {
        Host = "127.0.0.1", Port = Port, Database = database, Username = user, Password = Password, Pooling = false,
    };

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (_process.HasExited) throw new InvalidOperationException($"PostgreSQL did not start: {await _process.StandardOutput.ReadToEndAsync(cancellationToken)}");
        try
        {
            await ExecuteAsync("SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
