using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Npgsql;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Store;

/// <summary>
/// Reads every credential into the view at a start: COPY in binary form, its fields taken from the octets as they come, without an object
/// for a row or a string.
/// </summary>
internal static class PostgresCredentialReader
{
    private const string Query =
        "COPY (SELECT \"Id\", \"RealmId\", \"HashRevision\", \"UserName\", \"Hash1\", \"Hash1b\", \"ApplicationId\", \"Hash1Sha256\", \"Hash1bSha256\", "
        + "\"Hash1Sha512256\", \"Hash1bSha512256\" FROM \"SipCredentials\") TO STDOUT (FORMAT BINARY)";

    private const int ShaColumns = 4;

    /// <exception cref="NpgsqlException">The database cannot be read.</exception>
    public static async Task ReadAllAsync(NpgsqlConnection connection, CredentialTable credentials, CancellationToken cancellationToken)
    {
        var copy = await connection.BeginRawBinaryCopyAsync(Query, cancellationToken).ConfigureAwait(false);
        await using (copy.ConfigureAwait(false))
        {
            var rows = new PostgresCopyRows(copy);
            while (await rows.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                while (rows.TryNext(out var row)) Take(ref row, credentials);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Take(ref PostgresCopyRow row, CredentialTable credentials)
    {
        var id = BinaryPrimitives.ReadInt64BigEndian(row.Next());
        var realm = BinaryPrimitives.ReadInt64BigEndian(row.Next());
        var revision = BinaryPrimitives.ReadInt32BigEndian(row.Next());
        var userName = row.Next();
        var secret = new CredentialSecret(id, realm, revision, HashText.Parse(row.Next()), HashText.Parse(row.Next()));
        var application = row.Next() is { IsEmpty: false } octets ? new Guid(octets, bigEndian: true) : (Guid?)null;
        Span<byte> hashes = stackalloc byte[PackedShaHashes.MaximumLength];
        var kinds = ShaHashKinds.None;
        for (var i = 0; i < ShaColumns; i++) HashText.Add(row.Next(), (ShaHashKinds)(1 << i), ref kinds, hashes);
        credentials.Set(secret, userName, application, new PackedShaHashes(kinds, hashes[..PackedShaHashes.LengthOf(kinds)]));
    }
}
