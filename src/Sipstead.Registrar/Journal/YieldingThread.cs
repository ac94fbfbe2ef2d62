using Sipstead.Sip.Transport;

namespace Sipstead.Registrar.Journal;

/// <summary>A thread that runs when no other has something to do: long work on a core that registrations need too.</summary>
internal static class YieldingThread
{
    public static void Start(string name, Action work)
    {
        var thread = new Thread(() =>
        {
            LinuxThread.SetNice(LinuxThread.Patient);
            work();
        });
        (thread.Name, thread.IsBackground) = (name, true);
        thread.Start();
    }
}
