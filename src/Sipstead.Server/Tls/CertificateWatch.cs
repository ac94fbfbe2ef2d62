using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sipstead.Server.Tls;

/// <summary>
/// Notices changed certificate files, and has them read anew: every 10 s by what is in them, so that links and copied times do not matter, and at once on
/// SIGHUP. Once a day it has the end of certificates looked at.
/// </summary>
internal sealed class CertificateWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly ServerCertificates _certificates;
    private readonly PosixSignalRegistration _signal;
    private readonly ITimer _timer;
    private readonly ITimer _daily;
    private readonly Lock _lock = new();
    private string _seen;

    public CertificateWatch(ServerCertificates certificates, TimeProvider time)
    {
        _certificates = certificates;
        _seen = Fingerprint();
        _timer = time.CreateTimer(_ => Look(isAsked: false), null, Interval, Interval);
        _daily = time.CreateTimer(_ => certificates.WarnOfEnds(), null, Day, Day);
        _signal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true; // else the process ends
            Look(isAsked: true);
        });
    }

    public void Dispose()
    {
        _signal.Dispose();
        _timer.Dispose();
        _daily.Dispose();
    }

    private void Look(bool isAsked)
    {
        lock (_lock)
        {
            var now = Fingerprint();
            if (now == _seen && !isAsked) return;
            _seen = now;
            _certificates.Reload();
        }
    }

    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in _certificates.Paths)
        {
            try
            {
                hash.AppendData(File.ReadAllBytes(path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                hash.AppendData([0]); // gone for now, or no longer ours to read: a change like any other
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
