using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Sipstead.Sip.Digest;

namespace Sipstead.RegisterLoad;

/// <summary>Makes the credentials of devices over the server's API, in bulk POSTs of a thousand, one after the other.</summary>
internal sealed class Credentials(Uri collection, string signIn, string domain, Clock clock)
{
    private const int InOnePost = 1000;

    private readonly Md5 _md5 = new();

    /// <summary>Makes those of some devices, and tells in a line of <c>key=value</c> how long it took.</summary>
    public async Task<string> CreateAsync(int first, int count)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(signIn)));
        var (began, longest) = (clock.Now, 0L);
        for (var done = 0; done < count; done += InOnePost)
        {
            using var content = new StringContent(Body(first + done, Math.Min(InOnePost, count - done)), Encoding.UTF8, "application/xml");
            var posted = clock.Now;
            using var response = await http.PostAsync(collection, content);
            response.EnsureSuccessStatusCode();
            await response.Content.CopyToAsync(Stream.Null);
            longest = Math.Max(longest, clock.Now - posted);
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"credentials={count} seconds={(clock.Now - began) / (double)Clock.Second:0.00} longest_post_ms={longest / (double)Clock.Millisecond:0}");
    }

    private string Body(int first, int count)
    {
        var xml = new StringBuilder("<SipCredentials>");
        Span<byte> digits = stackalloc byte[Device.HexHash.Length];
        for (var device = first; device < first + count; device++)
        {
            _md5.Append(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"user{device}:{domain}:secret")));
            var hash = Encoding.ASCII.GetString(_md5.Finish().WriteHex(digits));
            xml.Append(CultureInfo.InvariantCulture, $"<SipCredential><UserName>user{device}</UserName><Hash1>{hash}</Hash1></SipCredential>");
        }

        return xml.Append("</SipCredentials>").ToString();
    }
}
