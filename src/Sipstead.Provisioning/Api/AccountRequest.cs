using System.Buffers;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Api;

/// <summary>A request of an authenticated user who may do what is asked for in the account.</summary>
public sealed class AccountRequest
{
    private readonly HttpContext _context;
    private readonly string _origin;

    internal AccountRequest(HttpContext context, long accountId, ApiPrincipal user, string origin)
    {
        _context = context;
        _origin = origin;
        AccountId = accountId;
        User = user;
    }

    private static ProvisioningError TooLong { get; } =
        ProvisioningError.Invalid(ErrorCodes.BadRequest, $"The request body is longer than {RequestXml.MaximumBytes} octets.");

    /// <summary>The account of the path.</summary>
    public long AccountId { get; }

    /// <summary>Who asks.</summary>
    public ApiPrincipal User { get; }

    /// <summary>The address of this machine that the request came in on.</summary>
    internal IPAddress LocalAddress => _context.Connection.LocalIpAddress ?? IPAddress.Loopback;

    /// <summary>Ends when the client is gone.</summary>
    public CancellationToken Aborted => _context.RequestAborted;

    /// <summary>The absolute URL of the resource as the client saw it, without the query and without a slash at its end.</summary>
    public string Url
    {
        get
        {
            var path = _context.Request.PathBase.ToUriComponent() + _context.Request.Path.ToUriComponent();
            return _origin + path.TrimEnd('/');
        }
    }

    /// <summary>An argument of the path, percent-decoded.</summary>
    public string Argument(string name) =>
        Convert.ToString(_context.GetRouteValue(name), CultureInfo.InvariantCulture) ?? "";

    /// <summary>A parameter of the query, by its name in any case; null when it is missing or empty.</summary>
    public string? Parameter(string name) => _context.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>Reads the body: an XML document with the root element <paramref name="root"/>.</summary>
    public async Task<ProvisioningResult<RequestElement>> ReadXmlAsync(string root)
    {
        var body = await ReadBodyAsync().ConfigureAwait(false);
        return body is null ? TooLong : RequestXml.Read(body.WrittenMemory, root);
    }

    /// <summary>
    /// Reads the body: a JSON object, and called so. What a page of another site has a browser send without asking is of other types.
    /// </summary>
    public async Task<ProvisioningResult<JsonFields>> ReadJsonAsync()
    {
        if (_context.Request.ContentType?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase) != true)
            return ProvisioningError.Invalid(null, "The Content-Type must be application/json");
        var body = await ReadBodyAsync().ConfigureAwait(false);
        if (body is null) return TooLong;
        var (fields, error) = JsonBody.Read(body.WrittenMemory);
        return fields is null ? ProvisioningError.Invalid(null, error!) : fields;
    }

    /// <summary>The URL of a page of this list, with the filters of the request.</summary>
    internal string PageUrl(long first, int size)
    {
        var query = new QueryBuilder
        {
            { "page", first.ToString(CultureInfo.InvariantCulture) },
            { "size", size.ToString(CultureInfo.InvariantCulture) },
        };
        foreach (var (name, values) in _context.Request.Query)
        {
            var isPaging = name.Equals("page", StringComparison.OrdinalIgnoreCase)
                || name.Equals("size", StringComparison.OrdinalIgnoreCase);
            if (!isPaging) query.Add(name, values.OfType<string>());
        }

        return Url + query.ToQueryString().ToUriComponent();
    }

    /// <summary>The body; null when it is too long.</summary>
    private async Task<ArrayBufferWriter<byte>?> ReadBodyAsync()
    {
        if (_context.Request.ContentLength > RequestXml.MaximumBytes) return null;
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await _context.Request.Body.ReadAsync(body.GetMemory(4096), Aborted).ConfigureAwait(false);
            if (read == 0) return body;
            body.Advance(read);
            if (body.WrittenCount > RequestXml.MaximumBytes) return null;
        }
    }
}
