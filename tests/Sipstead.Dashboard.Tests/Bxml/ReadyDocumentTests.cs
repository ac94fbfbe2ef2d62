using System.Text;
using Sipstead.Dashboard.Bxml;
using Sipstead.Voice.Bxml;

namespace Sipstead.Dashboard.Tests.Bxml;

public sealed class ReadyDocumentTests
{
    public static TheoryData<string> Names => [.. ReadyDocument.All.Select(document => document.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Document_IsValid_WithoutAUrlThatAnsweredWithIt(string name)
    {
        var document = ReadyDocument.All.Single(one => one.Name == name);

        Assert.Null(BxmlReader.Read(Encoding.UTF8.GetBytes(document.Bxml), baseUrl: null, BxmlContext.Call).Error);
    }

    [Fact]
    public void ChangedDocument_IsNotOneOfThem()
    {
        Assert.True(ReadyDocument.IsUnchanged(ReadyDocument.All[^1].Bxml));
        Assert.False(ReadyDocument.IsUnchanged(ReadyDocument.All[^1].Bxml + " "));
    }
}
