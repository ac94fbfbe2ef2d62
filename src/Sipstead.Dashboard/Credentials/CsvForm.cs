using CsvHelper;

namespace Sipstead.Dashboard.Credentials;

/// <summary>
/// How credentials are written to CSV. A cell that a spreadsheet would take for a formula gets an apostrophe in front (S-38), which reading takes away again:
/// no user name begins with one.
/// </summary>
internal static class CsvForm
{
    public const string UserName = "UserName";
    public const string Password = "Password";
    public const string Hash1 = "Hash1";
    public const string Hash1b = "Hash1b";
    public const string Hash1Sha256 = "Hash1Sha256";
    public const string Hash1bSha256 = "Hash1bSha256";
    public const string Hash1Sha512256 = "Hash1Sha512256";
    public const string Hash1bSha512256 = "Hash1bSha512256";
    public const string Realm = "Realm";
    public const string ApplicationId = "ApplicationId";
    public const string ApplicationName = "ApplicationName";
    public const string Id = "Id";

    private const char Defuse = '\'';
    private const string FormulaStarts = "=+-@\t\r";

    /// <summary>Commas, quotes where needed, CRLF (RFC 4180), formulas defused, and the mark by which spreadsheets know UTF-8.</summary>
    public static CsvWriterOptions Writing { get; } = new() { Injection = CsvInjection.Escape, InjectionEscape = Defuse, WriteByteOrderMark = true };

    /// <summary>The text of a cell before it was defused.</summary>
    public static string Undo(string cell) => cell.Length > 1 && cell[0] == Defuse && FormulaStarts.Contains(cell[1], StringComparison.Ordinal) ? cell[1..] : cell;
}
