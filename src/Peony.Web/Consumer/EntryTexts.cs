using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.Localization;
using Peony.Ledger;
using Peony.Web.Resources;
using Peony.Web.Shared;

namespace Peony.Web.Consumer;

/// <summary>Ledger entries in the words of a statement.</summary>
internal static class EntryTexts
{
    public static string Name(IStringLocalizer<Texts> texts, string entryKind) => texts["entry." + entryKind] is { ResourceNotFound: false } name ? name.Value : entryKind;

    /// <summary>Says when a posting only set money aside or gave it back.</summary>
    public static RenderFragment? KindBadge(IStringLocalizer<Texts> texts, PostingKind kind) => kind switch
    {
        PostingKind.Post => null,
        _ => builder => Badge(builder, texts["posting." + kind]),
    };

    private static void Badge(RenderTreeBuilder builder, string text)
    {
        builder.OpenComponent<Badge>(0);
        builder.AddAttribute(1, nameof(Shared.Badge.ChildContent), (RenderFragment)(content => content.AddContent(0, text)));
        builder.CloseComponent();
    }
}
