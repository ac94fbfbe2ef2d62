using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Xml;

namespace Sipstead.Provisioning.Api;

/// <summary>Which page of a list is asked for (contract 5.3): <c>page</c> is the id of the first element, not a number of pages.</summary>
public sealed class PageRequest
{
    private const int DefaultSize = 500;

    private readonly AccountRequest _request;

    private PageRequest(AccountRequest request, long firstId, string? firstName, int size)
    {
        _request = request;
        FirstId = firstId;
        FirstName = firstName;
        Size = size;
    }

    /// <summary>The id that the page begins at; 1 is the start of the list.</summary>
    public long FirstId { get; }

    /// <summary>The <c>user@domain</c> name that the page begins at instead, or null.</summary>
    public string? FirstName { get; }

    /// <summary>The most elements of the page.</summary>
    public int Size { get; }

    /// <summary>
    /// Reads <c>page</c> and <c>size</c>. False when the request is answered already: 303 to the first page where <c>page</c> is
    /// missing, or 400/23012.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="maximumSize">The largest <c>size</c> of this list.</param>
    /// <param name="redirectFirstPage">Whether a missing <c>page</c> answers 303, or is the first page.</param>
    /// <param name="page">The page, on success.</param>
    /// <param name="answer">The answer, otherwise.</param>
    public static bool TryRead(
        AccountRequest request,
        int maximumSize,
        bool redirectFirstPage,
        [NotNullWhen(true)] out PageRequest? page,
        [NotNullWhen(false)] out ApiResult? answer)
    {
        ArgumentNullException.ThrowIfNull(request);
        page = null;
        answer = null;
        long size = DefaultSize;
        if (request.Parameter("size") is { } sizeText && (!TryParse(sizeText, out size) || size > maximumSize))
        {
            answer = Bad($"size '{sizeText}' is not valid; it must be 1 to {maximumSize}");
        }
        else if (request.Parameter("page") is not { } first)
        {
            if (redirectFirstPage) answer = ApiResult.SeeOther(request.PageUrl(1, (int)size));
            else page = new PageRequest(request, 1, null, (int)size);
        }
        else if (TryParse(first, out var firstId))
        {
            page = new PageRequest(request, firstId, null, (int)size);
        }
        else if (first.Contains('@', StringComparison.Ordinal))
        {
            page = new PageRequest(request, 1, first, (int)size);
        }
        else
        {
            answer = Bad($"page '{first}' is not valid; it must be the ID or the user@domain name of the first element, or 1");
        }

        return page is not null;
    }

    /// <summary>Writes the Links element: the first page, and the next one when <paramref name="nextId"/> says that there is one.</summary>
    public void WriteLinks(XmlWriter writer, long? nextId)
    {
        writer.WriteElement("Links", links =>
        {
            links.WriteText("first", Link(1, "first"));
            if (nextId is { } id) links.WriteText("next", Link(id, "next"));
        });
    }

    private static bool TryParse(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1;

    private static ApiResult Bad(string description) => ApiResult.Error(400, ErrorCodes.BadPage, description);

    private string Link(long first, string relation) => $"Link=<{_request.PageUrl(first, Size)}>;rel=\"{relation}\";";
}
