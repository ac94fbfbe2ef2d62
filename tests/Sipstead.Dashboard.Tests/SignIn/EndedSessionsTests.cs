using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Dashboard.Doctor;
using Sipstead.Dashboard.SignIn;
using Sipstead.Testing;

namespace Sipstead.Dashboard.Tests.SignIn;

public sealed class EndedSessionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EndedSession_StaysEnded_AfterARestart()
    {
        Open().End("one", _time.GetUtcNow().AddHours(12));

        Assert.True(Open().Contains("one"));
        Assert.False(Open().Contains("another"));
    }

    [Fact]
    public void EndedSession_IsForgotten_OnceItsCookieIsInvalid()
    {
        var sessions = Open();
        sessions.End("one", _time.GetUtcNow().AddHours(12));
        _time.Advance(TimeSpan.FromHours(13));

        sessions.End("two", _time.GetUtcNow().AddHours(12));

        Assert.False(sessions.Contains("one"));
        Assert.True(sessions.Contains("two"));
    }

    [Fact]
    public void File_IsForItsOwnerOnly()
    {
        Open().End("one", _time.GetUtcNow().AddHours(12));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["ended-sessions"]));
    }

    [Fact]
    public void DamagedFile_LosesOnlyWhatIsDamaged()
    {
        File.WriteAllLines(_folder["ended-sessions"], ["", "one", "two 99999999999999999999", "three -1", "four 1772366400"]);

        var sessions = Open();

        Assert.True(sessions.Contains("four"));
        Assert.False(sessions.Contains("one"));
    }

    private EndedSessions Open() => new(
        new DashboardOptions
        {
            DataDirectory = _folder.Path,
            Connection = new ConnectionSettings { SipAddress = "", PublicAddress = "", BaseDomain = "", DnsPort = 0, TlsPort = 0, HttpUrls = [], MediaPorts = "" },
        },
        _time, NullLogger<EndedSessions>.Instance);
}
