namespace Sipstead.RegisterLoad;

/// <summary>The devices and what becomes of their registrations. Belongs to one thread; no object and no allocation for each device.</summary>
internal sealed class Registrations : IAnswers
{
    /// <summary>Devices under way that are passed over in search of an idle one.</summary>
    private const int Looks = 4096;
    private const int RepetitionsAtOnce = 512;
    private const int ChallengesAllowed = 2;

    private readonly Device[] _devices;
    private readonly RegisterWriter _writer;
    private readonly ILines _lines;
    private readonly Clock _clock;
    private readonly Repetitions _repetitions;
    private readonly long _giveUp;
    private readonly TextWriter _log;
    private int _next;

    public Registrations(LoadOptions options, RegisterWriter writer, ILines lines, Clock clock, TextWriter log)
    {
        (_writer, _lines, _clock, _log) = (writer, lines, clock, log);
        _giveUp = (long)(options.GiveUp * Clock.Second);
        _repetitions = options.Transport == Transport.Udp
            ? new Repetitions(Clock.Second / 2, Clock.Second, 2 * Clock.Second, 4 * Clock.Second)
            : new Repetitions(_giveUp); // a stream loses nothing
        _devices = new Device[options.Devices];
        for (var i = 0; i < _devices.Length; i++) writer.SetPassword(ref _devices[i], i);
    }

    public int UnderWay { get; private set; }

    public Counts Counts { get; private set; } = new();

    /// <summary>From the intended begin of a registration to its 200.</summary>
    public Histogram Latency { get; } = new();

    /// <summary>Starts counting anew; what is still under way is given up.</summary>
    public void Begin()
    {
        if (UnderWay > 0)
        {
            for (var i = 0; i < _devices.Length; i++) _devices[i].IsWaiting = false;
        }

        _repetitions.Clear();
        Latency.Clear();
        (UnderWay, Counts) = (0, new Counts());
    }

    /// <summary>The next idle device registers. False: all that were looked at are under way.</summary>
    /// <param name="began">When it was to begin.</param>
    /// <param name="fresh">Without credentials, so that it is challenged.</param>
    public bool TryStart(long began, bool fresh)
    {
        for (var looks = Math.Min(Looks, _devices.Length); looks > 0; looks--)
        {
            var number = _next;
            _next = number + 1 == _devices.Length ? 0 : number + 1;
            ref var device = ref _devices[number];
            if (device.IsWaiting) continue;
            if (fresh) device.NonceLength = 0;
            (device.IsWaiting, device.Began, device.Challenges) = (true, began, 0);
            UnderWay++;
            Counts.Started++;
            SendNext(ref device, number);
            return true;
        }

        return false;
    }

    /// <summary>Sends again what has waited too long for its answer, and gives up what did so for very long.</summary>
    public void Repeat()
    {
        var now = _clock.Now;
        for (var left = RepetitionsAtOnce; left > 0 && _repetitions.TryTake(now, out var entry); left--)
        {
            ref var device = ref _devices[entry.Device];
            if (!device.IsWaiting || device.CSeq != entry.CSeq) continue;
            if (now - device.Began >= _giveUp)
            {
                Counts.TimedOut++;
                End(ref device);
                continue;
            }

            Counts.Repeated++;
            Send(ref device, entry.Device);
            _repetitions.Add(entry.Device, entry.CSeq, entry.Repeated + 1, now, device.Began + _giveUp);
        }
    }

    public void Take(ReadOnlySpan<byte> message)
    {
        if (!Answer.TryRead(message, out var answer) || (uint)answer.Device >= (uint)_devices.Length) return;
        ref var device = ref _devices[answer.Device];
        if (!device.IsWaiting || device.CSeq != answer.CSeq || answer.Status < 200) return;
        switch (answer.Status)
        {
            case 200:
                Counts.Ok++;
                Latency.Record(_clock.Now - device.Began);
                End(ref device);
                break;
            case 401 or 407 when ++device.Challenges <= ChallengesAllowed && answer.TryReadChallenge(out var nonce, out var opaque) && device.TryKeep(nonce, opaque):
                Counts.Challenged++;
                SendNext(ref device, answer.Device);
                break;
            default:
                if (Counts.Failed(answer.Status) == 1) _log.WriteLine(System.Text.Encoding.UTF8.GetString(message));
                device.NonceLength = 0;
                End(ref device);
                break;
        }
    }

    private void SendNext(ref Device device, int number)
    {
        device.CSeq++;
        if (device.NonceLength > 0) device.NonceCount++;
        Send(ref device, number);
        _repetitions.Add(number, device.CSeq, 0, _clock.Now, device.Began + _giveUp);
    }

    private void Send(ref Device device, int number) =>
        _lines.Send(number, _writer.Write(device, number, _lines.PortOf(number), _lines.RoomFor(number)));

    private void End(ref Device device)
    {
        device.IsWaiting = false;
        UnderWay--;
    }
}
