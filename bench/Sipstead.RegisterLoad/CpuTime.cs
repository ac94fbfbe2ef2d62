using System.Globalization;

namespace Sipstead.RegisterLoad;

/// <summary>CPU time in seconds: of processes, and of those of their threads whose name begins so.</summary>
internal readonly record struct CpuTime(double User, double System, double Threads)
{
    /// <summary>USER_HZ, the same on every architecture that .NET runs on.</summary>
    private const double Ticks = 100;

    // Of the fields after the name, state being the first.
    private const int UserField = 11;
    private const int SystemField = 12;

    public static CpuTime operator -(CpuTime a, CpuTime b) => new(a.User - b.User, a.System - b.System, a.Threads - b.Threads);

    public static CpuTime Of(IEnumerable<int> processes, string? threads)
    {
        double user = 0, system = 0, named = 0;
        foreach (var process in processes)
        {
            var folder = Path.Combine("/proc", process.ToString(CultureInfo.InvariantCulture));
            var (_, u, s) = Parse(File.ReadAllText(Path.Combine(folder, "stat")));
            (user, system) = (user + u, system + s);
            if (threads is null) continue;
            named += Directory.EnumerateDirectories(Path.Combine(folder, "task")).Sum(task => OfThread(task, threads));
        }

        return new CpuTime(user, system, named);
    }

    /// <summary>Reads a line of /proc/PID/stat; the name stands in brackets and may hold some.</summary>
    public static (string Name, double User, double System) Parse(string line)
    {
        var (start, end) = (line.IndexOf('(', StringComparison.Ordinal), line.LastIndexOf(')'));
        var fields = line[(end + 2)..].Split(' ');
        return (line[(start + 1)..end], Seconds(fields[UserField]), Seconds(fields[SystemField]));
    }

    private static double OfThread(string task, string name)
    {
        try
        {
            var stat = Parse(File.ReadAllText(Path.Combine(task, "stat")));
            return stat.Name.StartsWith(name, StringComparison.Ordinal) ? stat.User + stat.System : 0;
        }
        catch (IOException)
        {
            return 0; // it has just ended
        }
    }

    private static double Seconds(string ticks) => long.Parse(ticks, CultureInfo.InvariantCulture) / Ticks;
}
