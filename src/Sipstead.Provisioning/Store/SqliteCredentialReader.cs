using System.Buffers.Text;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.View;
using SQLitePCL;

namespace Sipstead.Provisioning.Store;

/// <summary>
/// Reads every credential into the view at a start, column by column from SQLite's own memory: with a million of them, entities or
/// strings would be most of the time and memory that a start takes. What runs once for each is compiled for speed at once: the load
/// would be over before the runtime did.
/// </summary>
internal static class SqliteCredentialReader
{
    private const string Query =
        "SELECT Id, RealmId, HashRevision, UserName, Hash1, Hash1b, ApplicationId, coalesce(Hash1Sha256, Hash1bSha256, Hash1Sha512256, Hash1bSha512256), "
        + "Hash1Sha256, Hash1bSha256, Hash1Sha512256, Hash1bSha512256 FROM SipCredentials";

    private const int UserName = 3;
    private const int Hash1 = 4;
    private const int Hash1b = 5;
    private const int ApplicationId = 6;
    private const int AnySha = 7;
    private const int FirstSha = 8;
    private const int ShaColumns = 4;

    /// <exception cref="SqliteException">The database cannot be read.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ReadAll(SqliteConnection connection, CredentialTable credentials, CancellationToken cancellationToken)
    {
        Check(raw.sqlite3_prepare_v2(connection.Handle, Query, out var statement), connection);
        using (statement)
        {
            int result;
            while ((result = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Take(statement, credentials);
            }

            Check(result == raw.SQLITE_DONE ? raw.SQLITE_OK : result, connection);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Take(sqlite3_stmt row, CredentialTable credentials)
    {
        var secret = new CredentialSecret(
            raw.sqlite3_column_int64(row, 0),
            raw.sqlite3_column_int64(row, 1),
            raw.sqlite3_column_int(row, 2),
            HashText.Parse(Text(row, Hash1)),
            HashText.Parse(Text(row, Hash1b)));
        Span<byte> octets = stackalloc byte[PackedShaHashes.MaximumLength];
        var kinds = ShaHashKinds.None;
        var columns = Text(row, AnySha).IsEmpty ? 0 : ShaColumns;
        for (var i = 0; i < columns; i++) HashText.Add(Text(row, FirstSha + i), (ShaHashKinds)(1 << i), ref kinds, octets);
        var application = Utf8Parser.TryParse(Text(row, ApplicationId), out Guid id, out _) ? id : (Guid?)null;
        credentials.Set(
            secret, Text(row, UserName), application, new PackedShaHashes(kinds, octets[..PackedShaHashes.LengthOf(kinds)]));
    }

    /// <summary>UTF-8, valid until the next step; empty for NULL.</summary>
    private static ReadOnlySpan<byte> Text(sqlite3_stmt row, int column) => raw.sqlite3_column_blob(row, column);

    private static void Check(int result, SqliteConnection connection) => SqliteException.ThrowExceptionForRC(result, connection.Handle);
}
