using System.Text;
using Sipstead.Dashboard.Credentials;

namespace Sipstead.Dashboard.Tests.Credentials;

/// <summary>What is read of a CSV file, and what is said of one that cannot be read.</summary>
public sealed class CredentialCsvTests
{
    [Theory]
    [InlineData("UserName,Password\nalice,secret\n")]
    [InlineData("UserName;Password\r\nalice;secret\r\n")]
    [InlineData("UserName\tPassword\nalice\tsecret")]
    [InlineData("\uFEFFUserName,Password\nalice,secret")]
    [InlineData("user name,PASSWORD,\n alice ,secret,\n\n,,\n")]
    [InlineData("\"Password\",\"User_Name\"\n\"secret\",\"alice\"")]
    public void Row_IsRead_WhateverTheSpreadsheetMadeOfIt(string text)
    {
        var csv = Read(text);

        Assert.Null(csv.Error);
        var row = Assert.Single(csv.Rows);
        Assert.Equal(("alice", "secret"), (row.UserName, row.Password));
    }

    [Fact]
    public void Utf16_IsReadByItsMark()
    {
        using var file = new MemoryStream([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("UserName,Password\nalice,pässword")]);

        Assert.Equal("pässword", Assert.Single(CredentialCsv.Read(file).Rows).Password);
    }

    [Fact]
    public void QuotedCell_MayHoldDelimiterQuoteAndSpaces()
    {
        var row = Assert.Single(Read("UserName,Password\nalice,\" a,\"\"b;\"").Rows);

        Assert.Equal(" a,\"b;", row.Password);
    }

    [Fact]
    public void Lines_AreThoseOfTheFile()
    {
        var csv = Read("UserName,Password\r\nalice,a\r\n\r\nbob,\"b\r\nb\"\r\ncarol,c\r\n");

        Assert.Equal([2, 4, 6], csv.Rows.Select(row => row.Line));
    }

    [Fact]
    public void MissingCells_AreNull()
    {
        var row = Assert.Single(Read("UserName,Password,Hash1,Hash1b,Realm,ApplicationId\nalice\n").Rows);

        Assert.Equal(new CsvCredential(2, "alice", null, null, null, null, null), row);
    }

    [Fact]
    public void ApplicationId_GoesBeforeItsName()
    {
        var rows = Read("UserName,Password,ApplicationName,ApplicationId\nalice,x,Desk,17\nbob,x,Desk,\n").Rows;

        Assert.Equal(["17", "Desk"], rows.Select(row => row.Application));
    }

    [Fact]
    public void DefusedUserName_IsTakenBack_AndAPasswordStaysAsItIs()
    {
        var row = Assert.Single(Read("UserName,Password\n'+12025550100,'+1\n").Rows);

        Assert.Equal(("+12025550100", "'+1"), (row.UserName, row.Password));
    }

    [Fact]
    public void UnknownColumns_AreTold()
    {
        var csv = Read("UserName,Password,Desk,Floor\nalice,x,1,2\n");

        Assert.Equal(["Desk", "Floor"], csv.UnknownColumns);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("UserName,Password\n", "no rows")]
    [InlineData("alice,secret\nbob,secret\n", "no column UserName")]
    [InlineData("UserName,Realm\nalice,office\n", "neither a column Password nor one Hash1")]
    public void File_WithoutWhatIsNeeded_SaysSo(string text, string expected)
    {
        var csv = Read(text);

        Assert.Empty(csv.Rows);
        Assert.Contains(expected, csv.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenQuote_IsFoundAtItsLine()
    {
        var csv = Read("UserName,Password\nalice,x\nbob,\"y\n" + string.Concat(Enumerable.Repeat("carol,z\n", 1000)));

        Assert.Empty(csv.Rows);
        Assert.StartsWith("Line ", csv.Error, StringComparison.Ordinal);
        Assert.Contains("quote", csv.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreRowsThanMayBe_AreRefused()
    {
        var rows = string.Concat(Enumerable.Range(0, CredentialCsv.MaxRows).Select(i => FormattableString.Invariant($"u{i},x\n")));

        Assert.Equal(CredentialCsv.MaxRows, Read("UserName,Password\n" + rows).Rows.Count);
        Assert.Contains("more than 50,000 rows", Read("UserName,Password\n" + rows + "one,x\n").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AnyOctets_GiveRowsOrAnError()
    {
        var random = new Random(1);
        var octets = new byte[4000];
        for (var i = 0; i < 50; i++)
        {
            random.NextBytes(octets);
            using var file = new MemoryStream([.. "UserName,Password\n"u8, .. octets]);

            var csv = CredentialCsv.Read(file);

            Assert.True(csv.Error is not null || csv.Rows.Count > 0);
        }
    }

    private static CredentialCsv Read(string text)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return CredentialCsv.Read(file);
    }
}
