using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Sipstead.Provisioning.Tests.Credentials;

/// <summary>Asks SQLite how it will run each query, before it runs.</summary>
internal sealed class QueryPlans : DbCommandInterceptor
{
    private readonly List<(string Query, string[] Steps)> _all = [];

    public IReadOnlyList<(string Query, string[] Steps)> All => _all;

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        await using var explain = (SqliteCommand)command.Connection!.CreateCommand();
        explain.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
        foreach (SqliteParameter parameter in command.Parameters)
            explain.Parameters.Add(new SqliteParameter(parameter.ParameterName, parameter.Value));
        var steps = new List<string>();
        await using var reader = await explain.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) steps.Add(reader.GetString(3));
        _all.Add((command.CommandText, [.. steps]));
        return result;
    }
}
