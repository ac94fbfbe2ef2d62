using Npgsql;
using NpgsqlTypes;

namespace Sipstead.Provisioning.Store;

/// <summary>Inserts credentials with COPY: two questions to the server, however many they are.</summary>
internal static class PostgresCredentialWriter
{
    private const string Ids = "SELECT nextval(pg_get_serial_sequence('\"SipCredentials\"', 'Id')) FROM generate_series(1, $1)";

    private const string Copy =
        "COPY \"SipCredentials\" (\"Id\", \"RealmId\", \"UserName\", \"UserNameKey\", \"Hash1\", \"Hash1b\", \"Hash1Sha256\", \"Hash1bSha256\", "
        + "\"Hash1Sha512256\", \"Hash1bSha512256\", \"HashRevision\", \"ApplicationId\", \"HasDomain\") FROM STDIN (FORMAT BINARY)";

    /// <summary>Inserts within the connection's transaction, and sets the ids of those that have none.</summary>
    /// <exception cref="NpgsqlException">A row was refused, or cannot be written.</exception>
    public static async Task InsertAsync(NpgsqlConnection connection, IReadOnlyList<SipCredential> credentials, CancellationToken cancellationToken)
    {
        if (credentials.Count == 0) return;
        await GiveIdsAsync(connection, [.. credentials.Where(c => c.Id == 0)], cancellationToken).ConfigureAwait(false);
        var copy = await connection.BeginBinaryImportAsync(Copy, cancellationToken).ConfigureAwait(false);
        await using (copy.ConfigureAwait(false))
        {
            foreach (var credential in credentials) await WriteAsync(copy, credential, cancellationToken).ConfigureAwait(false);
            await copy.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task GiveIdsAsync(NpgsqlConnection connection, List<SipCredential> credentials, CancellationToken cancellationToken)
    {
        if (credentials.Count == 0) return;
        var command = new NpgsqlCommand(Ids, connection) { Parameters = { new NpgsqlParameter { Value = credentials.Count } } };
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                foreach (var credential in credentials)
                {
                    await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                    credential.Id = reader.GetInt64(0);
                }
            }
        }
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter copy, SipCredential credential, CancellationToken cancellationToken)
    {
        await copy.StartRowAsync(cancellationToken).ConfigureAwait(false);
        await copy.WriteAsync(credential.Id, NpgsqlDbType.Bigint, cancellationToken).ConfigureAwait(false);
        await copy.WriteAsync(credential.RealmId, NpgsqlDbType.Bigint, cancellationToken).ConfigureAwait(false);
        foreach (var text in TextsOf(credential))
        {
            if (text is null) await copy.WriteNullAsync(cancellationToken).ConfigureAwait(false);
            else await copy.WriteAsync(PostgresTexts.Storable(text), NpgsqlDbType.Varchar, cancellationToken).ConfigureAwait(false);
        }

        await copy.WriteAsync(credential.HashRevision, NpgsqlDbType.Integer, cancellationToken).ConfigureAwait(false);
        if (credential.ApplicationId is { } application) await copy.WriteAsync(application, NpgsqlDbType.Uuid, cancellationToken).ConfigureAwait(false);
        else await copy.WriteNullAsync(cancellationToken).ConfigureAwait(false);
        await copy.WriteAsync(credential.HasDomain, NpgsqlDbType.Boolean, cancellationToken).ConfigureAwait(false);
    }

    private static string?[] TextsOf(SipCredential credential) =>
    [
        credential.UserName, credential.UserNameKey, credential.Hash1, credential.Hash1b, credential.Hash1Sha256, credential.Hash1bSha256,
        credential.Hash1Sha512256, credential.Hash1bSha512256,
    ];
}
