using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Sipstead.Provisioning.Store;

/// <summary>
/// PostgreSQL takes no U+0000 in a text, and peers can send one, in a user name or a search. In its place stands the character for what
/// cannot be represented, which no name has either.
/// </summary>
internal sealed class PostgresTexts : DbCommandInterceptor
{
    public static string Storable(string text) => text.Replace('\0', '\uFFFD');

    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        ArgumentNullException.ThrowIfNull(result);
        foreach (DbParameter parameter in result.Parameters)
        {
            parameter.Value = parameter.Value switch
            {
                string text => Storable(text),
                IEnumerable<string> texts => texts.Select(Storable).ToArray(),
                var other => other,
            };
        }

        return result;
    }
}
