using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Localization;
using Peony.Web.Resources;

namespace Peony.Web.Shared;

/// <summary>A part of a page: knows the texts, the language and the request.</summary>
public abstract class PeonyPart : ComponentBase
{
    [CascadingParameter]
    public HttpContext Http { get; set; } = default!;

    [Inject]
    private protected IStringLocalizer<Texts> T { get; set; } = default!;

    private protected static CultureInfo Language => CultureInfo.CurrentUICulture;
}
