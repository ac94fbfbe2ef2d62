using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Sipstead.Dashboard.SignIn;

/// <summary>
/// Sessions that a sign-out ended while their cookie would still be valid: a copy of the cookie must not bring them back, after a restart neither. Kept in
/// memory and in a file of the data folder, bounded: of too many, those that end soonest are forgotten first.
/// </summary>
internal sealed class EndedSessions
{
    private const int MaximumKept = 10_000;

    private readonly string _file;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Dictionary<string, DateTimeOffset> _ended = [];
    private readonly Lock _lock = new();

    public EndedSessions(DashboardOptions options, TimeProvider time, ILogger<EndedSessions> logger)
    {
        _file = Path.Combine(options.DataDirectory, "ended-sessions");
        _time = time;
        _logger = logger;
        foreach (var line in ReadLines())
        {
            if (line.Split(' ') is [var id, var end] && long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                _ended[id] = DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
        }
    }

    /// <summary>Ends a session.</summary>
    /// <param name="id">Its random id.</param>
    /// <param name="cookieEnd">When its cookie becomes invalid anyway.</param>
    public void End(string id, DateTimeOffset cookieEnd)
    {
        lock (_lock)
        {
            _ended[id] = cookieEnd;
            var now = _time.GetUtcNow();
            foreach (var (old, _) in _ended.Where(entry => entry.Value <= now).ToList()) _ended.Remove(old);
            foreach (var (old, _) in _ended.OrderBy(entry => entry.Value).Take(Math.Max(0, _ended.Count - MaximumKept)).ToList()) _ended.Remove(old);
            Write();
        }
    }

    /// <summary>Whether a session was ended.</summary>
    public bool Contains(string id)
    {
        lock (_lock) return _ended.ContainsKey(id);
    }

    private string[] ReadLines()
    {
        try
        {
            return File.ReadAllLines(_file);
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }

    private void Write()
    {
        try
        {
            var lines = _ended.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key} {entry.Value.ToUnixTimeSeconds()}"));
            File.WriteAllLines(_file + ".new", lines);
            File.SetUnixFileMode(_file + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.Move(_file + ".new", _file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            DashboardLog.EndedSessionsNotKept(_logger, _file, e.Message);
        }
    }
}
