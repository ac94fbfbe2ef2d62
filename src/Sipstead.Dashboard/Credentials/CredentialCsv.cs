using System.Text;
using CsvHelper;
using Sipstead.Provisioning.Credentials;

namespace Sipstead.Dashboard.Credentials;

/// <summary>A CSV file of credentials, read whole: its rows, or why it cannot be read.</summary>
/// <param name="UnknownColumns">Headings that mean nothing here.</param>
/// <param name="Error">What to mend in the file; null when it could be read.</param>
internal sealed record CredentialCsv(IReadOnlyList<CsvCredential> Rows, IReadOnlyList<string> UnknownColumns, string? Error)
{
    /// <summary>The most octets of a file.</summary>
    public const int MaxOctets = 8 * 1024 * 1024;

    /// <summary>The most rows of a file.</summary>
    public const int MaxRows = 50_000;

    /// <summary>The most octets of a row: what is longer is an open quote.</summary>
    private const int MaxRow = 4096;

    /// <summary>The most unknown headings that are told of.</summary>
    private const int MaxUnknown = 20;

    private static readonly char[] Separators = [',', ';', '\t'];

    /// <summary>Headings in lower case, letters and digits only, and the columns that they stand for. An id goes before a name.</summary>
    private static readonly Dictionary<string, string> Columns = new(StringComparer.Ordinal)
    {
        ["username"] = CsvForm.UserName, ["user"] = CsvForm.UserName, ["password"] = CsvForm.Password, ["hash1"] = CsvForm.Hash1, ["hash1b"] = CsvForm.Hash1b,
        ["hash1sha256"] = CsvForm.Hash1Sha256, ["hash1bsha256"] = CsvForm.Hash1bSha256,
        ["hash1sha512256"] = CsvForm.Hash1Sha512256, ["hash1bsha512256"] = CsvForm.Hash1bSha512256,
        ["realm"] = CsvForm.Realm, ["applicationid"] = CsvForm.ApplicationId, ["httpvoicev2appid"] = CsvForm.ApplicationId,
        ["application"] = CsvForm.ApplicationName, ["applicationname"] = CsvForm.ApplicationName, ["id"] = CsvForm.Id,
    };

    /// <summary>Reads UTF-8, or what a byte order mark says; separated by comma, semicolon or tab, whichever the first line has most of.</summary>
    public static CredentialCsv Read(Stream file)
    {
        using var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var text = reader.ReadToEnd();
        var options = new CsvReaderOptions
        {
            Separator = SeparatorOf(text), HasHeader = false, TrackLineNumbers = true, MalformedData = CsvMalformedDataHandling.Throw, IncludeValuesInExceptions = false,
        };
        using var csv = CsvReader.Create(new StringReader(text), options);
        try
        {
            return Read(csv);
        }
        catch (CsvFormatException e)
        {
            return Failed($"Line {e.LineNumber} cannot be read: a quote is left open, or stands within a value without being written twice.");
        }
    }

    private static CredentialCsv Read(CsvReader csv)
    {
        if (!csv.Read()) return Failed("The file is empty. The first line names the columns: UserName, Password.");
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        var unknown = new List<string>();
        for (var i = 0; i < csv.FieldCount; i++)
        {
            var heading = csv.GetString(i).Trim();
            if (Columns.TryGetValue(KeyOf(heading), out var column)) columns.TryAdd(column, i);
            else if (heading.Length > 0 && unknown.Count < MaxUnknown) unknown.Add(heading);
        }

        if (!columns.ContainsKey(CsvForm.UserName)) return Failed("There is no column UserName. The first line names the columns, such as: UserName, Password.");
        if (!columns.ContainsKey(CsvForm.Password) && !columns.ContainsKey(CsvForm.Hash1)) return Failed("There is neither a column Password nor one Hash1.");

        var rows = new List<CsvCredential>();
        while (csv.Read())
        {
            if (rows.Count == MaxRows) return Failed(FormattableString.Invariant($"The file has more than {MaxRows:N0} rows. Split it."));
            if (csv.RawRecord.Length > MaxRow) return Failed($"Line {csv.LineNumber} is longer than {MaxRow} octets. Is a quote left open?");
            if (RowOf(csv, columns) is { } row) rows.Add(row);
        }

        return new CredentialCsv(rows, unknown, rows.Count == 0 ? "The file has no rows below its headings." : null);
    }

    /// <summary>Null for a row with nothing in it.</summary>
    private static CsvCredential? RowOf(CsvReader csv, Dictionary<string, int> columns)
    {
        var row = new CsvCredential(
            (int)csv.LineNumber, Word(CsvForm.UserName), Cell(CsvForm.Password), Word(CsvForm.Hash1), Word(CsvForm.Hash1b), Word(CsvForm.Realm),
            Word(CsvForm.ApplicationId) ?? Word(CsvForm.ApplicationName))
        {
            Sha = new ShaHashes
            {
                Hash1Sha256 = Word(CsvForm.Hash1Sha256), Hash1bSha256 = Word(CsvForm.Hash1bSha256),
                Hash1Sha512256 = Word(CsvForm.Hash1Sha512256), Hash1bSha512256 = Word(CsvForm.Hash1bSha512256),
            },
        };
        return row == new CsvCredential(row.Line, null, null, null, null, null, null) ? null : row;

        string? Cell(string column) => columns.TryGetValue(column, out var i) && i < csv.FieldCount && csv.GetString(i) is { Length: > 0 } cell ? cell : null;

        string? Word(string column) => Cell(column)?.Trim() is { Length: > 0 } word ? CsvForm.Undo(word) : null;
    }

    private static char SeparatorOf(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var first = end < 0 ? text : text[..end];
        return Separators.MaxBy(separator => first.Count(c => c == separator));
    }

    private static string KeyOf(string heading) => string.Concat(heading.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static CredentialCsv Failed(string error) => new([], [], error);
}
