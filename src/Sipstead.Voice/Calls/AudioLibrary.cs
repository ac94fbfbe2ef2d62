using Sipstead.Media.Audio;
using Sipstead.Webhooks;
using Sipstead.Webhooks.Fetching;

namespace Sipstead.Voice.Calls;

/// <summary>Audio files of applications (bxml.md 4.2): fetched under the webhooks' address policy, decoded, at most an hour of audio.</summary>
internal sealed class AudioLibrary(ResourceFetcher fetcher, AudioDecoder decoder)
{
    private const long MaximumOctets = 64 * 1024 * 1024;

    public async ValueTask<AudioResult> GetAsync(Uri url, BasicCredentials? credentials, CancellationToken cancellationToken)
    {
        var fetched = await fetcher.FetchAsync(url, credentials, MaximumOctets, cancellationToken).ConfigureAwait(false);
        if (fetched.Resource is not { } resource) return new AudioResult(null, fetched.Error);
        var decoded = await decoder.DecodeAsync(resource.Octets, resource.ContentType, resource.Name, cancellationToken).ConfigureAwait(false);
        return decoded.Clip is null ? new AudioResult(null, $"{url.GetLeftPart(UriPartial.Path)}: {decoded.Error}") : decoded;
    }
}
