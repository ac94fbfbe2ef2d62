using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Provisioning.Store;
using Sipstead.Provisioning.Tokens;

namespace Sipstead.Provisioning.Tests.Tokens;

/// <summary>The keys of access tokens: kept, replaced every day, and forgotten when no token of theirs can live.</summary>
public sealed class TokenKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));

    private string File => Path.Combine(_folder.Path, TokenKeys.FileName);

    public void Dispose() => _folder.Dispose();

    private TokenKeys Open()
    {
        var keys = new TokenKeys(new ProvisioningOptions { DataDirectory = _folder.Path }, _time, NullLogger<TokenKeys>.Instance);
        keys.Open();
        return keys;
    }

    [Fact]
    public void Current_OverARestart_IsTheSame_AndForTheServersUserAlone()
    {
        var key = Open().Current();
        var again = Open().Current();
        Assert.Equal((key.Header, key.Sign("a.b")), (again.Header, again.Sign("a.b")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public void Current_ADayLater_IsAnother_AndTheOldOneVerifiesOn()
    {
        var keys = Open();
        var first = keys.Current();
        _time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        Assert.Same(first, keys.Current());
        _time.Advance(TimeSpan.FromSeconds(1));
        var second = keys.Current();
        Assert.NotEqual(first.Header, second.Header);
        Assert.NotEqual(first.Sign("a.b"), second.Sign("a.b"));
        Assert.Same(first, keys.Find(first.Header));
        Assert.Equal(first.Sign("a.b"), Open().Find(first.Header)!.Sign("a.b"));
    }

    /// <summary>The last token of a key is as old as the key that came after it.</summary>
    [Fact]
    public void Rotation_LeavesOutKeysWithoutLivingTokens()
    {
        var keys = Open();
        var first = keys.Current();
        _time.Advance(TimeSpan.FromDays(1));
        var second = keys.Current();
        _time.Advance(TimeSpan.FromDays(30));
        var third = keys.Current();
        Assert.Null(keys.Find(first.Header));
        Assert.Same(second, keys.Find(second.Header));
        Assert.Same(third, keys.Find(third.Header));
        Assert.Equal(2, System.IO.File.ReadAllLines(File).Length);
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("0123456789abcdef 1 AAAA")]
    [InlineData("0123456789ABCDEF 1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("0123456789abcdef 99999999999999 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("0123456789abcdef 1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= more")]
    public void Open_AFileOfSomethingElse_SaysWhatToDo(string line)
    {
        System.IO.File.WriteAllText(File, line);
        Assert.Contains("delete it", Assert.Throws<ProvisioningStoreException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Current_WhenTheFileCannotBeWritten_SignsAllTheSame()
    {
        var keys = Open();
        Directory.CreateDirectory(File);
        Assert.Same(keys.Current(), keys.Current());
    }
}
