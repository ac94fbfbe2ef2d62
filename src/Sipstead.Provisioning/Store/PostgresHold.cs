using System.Data;
using Npgsql;

namespace Sipstead.Provisioning.Store;

/// <summary>
/// The session that holds a PostgreSQL database for this server, by an advisory lock, and does its writes: when the session ends, so do
/// lock and write, and no second server is let in while a write of this one may still be committed. Lost, it is taken again, unless another
/// server has used the database meanwhile: then the view no longer shows what is stored, and nothing is written until a restart.
/// </summary>
/// <remarks>One caller at a time, as with all writes.</remarks>
internal sealed class PostgresHold : IDisposable
{
    private const long LockKey = 0x53_49_50_53_54_45_41_44; // "SIPSTEAD"

    /// <summary>How long a start waits for a server that is just ending, in milliseconds.</summary>
    private const int StartWait = 3000;
    private const int RetakeWait = 500;

    private const string Elsewhere = "another server has used it since; restart this one once that one is stopped";

    private readonly Guid _token = Guid.NewGuid();
    private readonly string _sessionName;
    private bool _isElsewhere;
    private (string Number, Action Show)? _doubt;

    public PostgresHold(NpgsqlConnectionStringBuilder connection)
    {
        _sessionName = $"sipstead {_token:N}";
        var ofSession = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Pooling = false, ApplicationName = _sessionName };
        Connection = new NpgsqlConnection(ofSession.ConnectionString);
    }

    public NpgsqlConnection Connection { get; }

    /// <summary>Whether there is a session, as far as is known.</summary>
    public bool IsOpen => Connection.State == ConnectionState.Open;

    /// <summary>Takes the database at a start.</summary>
    /// <exception cref="StoreUnavailableException">Another server has it.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        await Connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (!await LockAsync(StartWait, cancellationToken).ConfigureAwait(false)) throw new StoreUnavailableException("another server holds it");
    }

    /// <summary>Says in the database that it was this server that used it last.</summary>
    public Task SignAsync(CancellationToken cancellationToken) => AskAsync(
        "INSERT INTO \"StoreHolders\" (\"Id\", \"Token\") VALUES ($1, $2) ON CONFLICT (\"Id\") DO UPDATE SET \"Token\" = excluded.\"Token\"",
        cancellationToken, StoreHolder.RowId, _token);

    /// <summary>Takes the database again after the session was lost.</summary>
    /// <exception cref="StoreUnavailableException">Another server has it, or has had it.</exception>
    public async Task RetakeAsync(CancellationToken cancellationToken)
    {
        if (_isElsewhere) throw new StoreUnavailableException(Elsewhere);
        await Connection.CloseAsync().ConfigureAwait(false);
        await Connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await LockAgainAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await Connection.CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Whether the session lives, asking PostgreSQL.</summary>
    public async Task<bool> LivesAsync(CancellationToken cancellationToken)
    {
        if (!IsOpen) return false;
        try
        {
            await AskAsync("SELECT 1", cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (NpgsqlException) when (!IsOpen)
        {
            return false;
        }
    }

    /// <summary>The number by which PostgreSQL knows the present transaction.</summary>
    public async Task<string> NumberTransactionAsync(CancellationToken cancellationToken) =>
        (string)(await AskAsync("SELECT pg_current_xact_id()::text", cancellationToken).ConfigureAwait(false))!;

    /// <summary>Asks whether a transaction was committed whose commit was not answered; if nobody can tell now, when the session is back.</summary>
    public async Task ResolveAsync(string number, Action show)
    {
        _doubt = (number, show);
        if (!IsOpen) await RetakeAsync(CancellationToken.None).ConfigureAwait(false);
        else await ResolveDoubtAsync(CancellationToken.None).ConfigureAwait(false);
    }

    public void Dispose() => Connection.Dispose();

    private async Task LockAgainAsync(CancellationToken cancellationToken)
    {
        if (!await LockAsync(RetakeWait, cancellationToken).ConfigureAwait(false))
        {
            // Behind a network that was cut the old session of this server may still stand.
            await AskAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()",
                cancellationToken, _sessionName).ConfigureAwait(false);
            if (!await LockAsync(RetakeWait, cancellationToken).ConfigureAwait(false)) throw new StoreUnavailableException("another server holds it");
        }

        var last = await AskAsync("SELECT \"Token\" FROM \"StoreHolders\" WHERE \"Id\" = $1", cancellationToken, StoreHolder.RowId).ConfigureAwait(false);
        _isElsewhere = last is not Guid token || token != _token;
        if (_isElsewhere) throw new StoreUnavailableException(Elsewhere);
        await ResolveDoubtAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task ResolveDoubtAsync(CancellationToken cancellationToken)
    {
        if (_doubt is not var (number, show)) return;
        var status = await AskAsync("SELECT pg_xact_status($1::xid8)", cancellationToken, number).ConfigureAwait(false);
        _doubt = null;
        if (status is "committed") show();
    }

    private async Task<bool> LockAsync(int milliseconds, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync("SELECT set_config('lock_timeout', $1, false)", cancellationToken, $"{milliseconds}ms").ConfigureAwait(false);
            await AskAsync("SELECT pg_advisory_lock($1)", cancellationToken, LockKey).ConfigureAwait(false);
            await AskAsync("RESET lock_timeout", cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }

    private async Task<object?> AskAsync(string sql, CancellationToken cancellationToken, params object[] arguments)
    {
        var command = new NpgsqlCommand(sql, Connection);
        await using (command.ConfigureAwait(false))
        {
            foreach (var argument in arguments) command.Parameters.Add(new NpgsqlParameter { Value = argument });
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
