using System.Net.WebSockets;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Feeds;

/// <summary>What feeds of a kind are called.</summary>
/// <param name="Noun">In messages.</param>
/// <param name="Event">Begins the types of their events, and is the property with the feed.</param>
/// <param name="Original">The property with the feed that has the name already.</param>
internal sealed record FeedWords(string Noun, string Event, string Original);

/// <summary>
/// The feeds of one kind that a call has: their names are unique, they have few tracks, and the application hears of them (webhooks.md 6). On the call's
/// mailbox; a feed itself runs on the pool.
/// </summary>
internal abstract class CallFeeds<TFeed>(Call call, FeedWords words)
    where TFeed : Feed
{
    /// <summary>Tracks that the feeds of a kind may have together (bxml.md 8).</summary>
    public const int MaximumTracks = 4;

    /// <summary>Causes of events.</summary>
    protected const string Error = "error";
    private const string ConnectionError = "connection-error";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly List<TFeed> _live = [];

    /// <summary>Those that were not stopped.</summary>
    protected IReadOnlyList<TFeed> Live => _live;

    /// <summary>Begins a feed, unless its name or its tracks forbid it.</summary>
    protected void Begin(TFeed feed)
    {
        if (_live.Find(live => live.Name == feed.Name) is { } original)
        {
            Reject(feed, "duplicate", $"A {words.Noun} with the name {feed.Name} already exists", original);
        }
        else if (_live.Sum(live => live.Request.Tracks.Count) + feed.Request.Tracks.Count > MaximumTracks)
        {
            Reject(feed, "track-limit", $"The {words.Noun}s of a call may have {MaximumTracks} tracks together");
        }
        else if (Take(feed) is { } full)
        {
            Reject(feed, Error, full);
        }
        else
        {
            _live.Add(feed);
            _ = RunAsync(feed);
        }
    }

    /// <summary>Stops a feed; its name is free again.</summary>
    protected void End(TFeed feed)
    {
        feed.Stop();
        _live.Remove(feed);
    }

    /// <summary>Tells that a feed does not begin.</summary>
    protected void Reject(TFeed feed, string cause, string message, TFeed? original = null)
    {
        NoteRejected(feed, cause, message);
        TellRejected(feed, cause, message, original);
    }

    protected virtual void TellStarted(TFeed feed) => Tell("Started", feed, duration: null);

    protected virtual void TellStopped(TFeed feed, string cause) => Tell("Stopped", feed, call.Time.GetUtcNow() - feed.StartTime, cause);

    protected virtual void TellRejected(TFeed feed, string cause, string message, TFeed? original) =>
        Tell("Rejected", feed, duration: null, cause, message, original);

    /// <summary>Counts and logs that a feed does not begin.</summary>
    protected abstract void NoteRejected(TFeed feed, string cause, string message);

    /// <summary>Logs a defect of ours.</summary>
    protected abstract void NoteFailed(TFeed feed, Exception defect);

    /// <summary>Takes what a feed needs of the server, to be released. Otherwise says why it does not get it.</summary>
    protected virtual string? Take(TFeed feed) => null;

    /// <summary>What a feed took of the server is free again.</summary>
    protected virtual void Release(TFeed feed)
    {
    }

    private async Task RunAsync(TFeed feed)
    {
        using var ending = call.Ended.Register(feed.Stop);
        try
        {
            await FeedAsync(feed);
        }
        catch (OperationCanceledException)
        {
            Reject(feed, Error, $"The {words.Noun} was stopped before it was connected");
        }
#pragma warning disable CA1031 // a defect of ours ends this feed, not the call
        catch (Exception e)
#pragma warning restore CA1031
        {
            NoteFailed(feed, e);
            TellStopped(feed, Error);
        }
        finally
        {
            _live.Remove(feed);
            Release(feed);
            feed.SetClosed();
        }
    }

    private async Task FeedAsync(TFeed feed)
    {
        WebSocket? socket = null;
        if (feed.Request.Destination is { } destination)
        {
            var opening = await Task.Run(
                () => call.Services.Feeds.Http.OpenSocketAsync(destination, feed.Request.Credentials, ConnectTimeout, feed.Stopped), feed.Stopped);
            if ((socket = opening.Socket) is null)
            {
                Reject(feed, ConnectionError, opening.Error!);
                return;
            }
        }

        if (call.Media is not { } media)
        {
            socket?.Dispose();
            Reject(feed, Error, "The call has no media");
            return;
        }

        TellStarted(feed);
        TellStopped(feed, await Task.Run(() => feed.RunAsync(socket, media)));
    }

    private void Tell(string what, TFeed feed, TimeSpan? duration, string? cause = null, string? message = null, TFeed? original = null)
    {
        if (feed.Request.Events is not { } target) return;
        call.Notify(new VerbNotice(words.Event + what, target, json =>
        {
            feed.WriteTo(json, words.Event, duration);
            if (cause is not null) json.WriteString("cause", cause);
            if (message is not null) json.WriteString("errorMessage", message);
            original?.WriteTo(json, words.Original);
        }));
    }
}
