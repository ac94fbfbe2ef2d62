using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sipstead.Provisioning.Store;

/// <summary>
/// Inserts credentials with one prepared statement: imports run beside the registrar, and the garbage and the time of
/// tracked entities would be at its cost, through collections and the core they share.
/// </summary>
internal static class SqliteCredentialWriter
{
    private const string Statement =
        "INSERT INTO SipCredentials (RealmId, UserName, UserNameKey, Hash1, Hash1b, Hash1Sha256, Hash1bSha256, Hash1Sha512256, Hash1bSha512256, "
        + "HashRevision, ApplicationId, HasDomain, Id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    /// <summary>Inserts within the connection's transaction, and sets the ids of those that have none.</summary>
    /// <exception cref="SqliteException">A row was refused, or cannot be written.</exception>
    public static void Insert(SqliteConnection connection, IReadOnlyList<SipCredential> credentials)
    {
        Check(raw.sqlite3_prepare_v2(connection.Handle, Statement, out var statement), connection);
        using (statement)
        {
            foreach (var credential in credentials)
            {
                Bind(statement, credential);
                var result = raw.sqlite3_step(statement);
                Check(result == raw.SQLITE_DONE ? raw.SQLITE_OK : result, connection);
                Check(raw.sqlite3_reset(statement), connection);
                credential.Id = raw.sqlite3_last_insert_rowid(connection.Handle);
            }
        }
    }

    private static void Bind(sqlite3_stmt statement, SipCredential credential)
    {
        raw.sqlite3_bind_int64(statement, 1, credential.RealmId);
        ReadOnlySpan<string?> texts =
        [
            credential.UserName, credential.UserNameKey, credential.Hash1, credential.Hash1b, credential.Hash1Sha256, credential.Hash1bSha256,
            credential.Hash1Sha512256, credential.Hash1bSha512256,
        ];
        for (var i = 0; i < texts.Length; i++) BindText(statement, 2 + i, texts[i]);
        raw.sqlite3_bind_int(statement, 10, credential.HashRevision);
        BindText(statement, 11, credential.ApplicationId?.ToString("D").ToUpperInvariant()); // as EF Core writes it
        raw.sqlite3_bind_int(statement, 12, credential.HasDomain ? 1 : 0);
        if (credential.Id == 0) raw.sqlite3_bind_null(statement, 13); // SQLite gives the next one
        else raw.sqlite3_bind_int64(statement, 13, credential.Id);
    }

    private static void BindText(sqlite3_stmt statement, int parameter, string? text)
    {
        if (text is null) raw.sqlite3_bind_null(statement, parameter);
        else raw.sqlite3_bind_text(statement, parameter, text);
    }

    private static void Check(int result, SqliteConnection connection) => SqliteException.ThrowExceptionForRC(result, connection.Handle);
}
