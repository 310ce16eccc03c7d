using System.Text.Json.Nodes;
using Peony.Merchants;

namespace Peony.Gateway;

/// <summary>A call that was verified: whose it is, what it asks for, and what its answer and later notices need to know of it.</summary>
/// <param name="NotifyUrl">Where notices of what comes of it go; null for the app's own address.</param>
/// <param name="ReturnUrl">Where a page sends the buyer back to.</param>
/// <param name="Origin">Scheme and host the caller reached us at, for addresses in the answer.</param>
/// <param name="Now">The Book's time.</param>
internal sealed record GatewayCall(AppView App, string Method, Fields Fields, string? NotifyUrl, string? ReturnUrl, string Charset, SignType SignType, string Origin, DateTimeOffset Now)
{
    public SellerProof Seller => new AppProof(App.Id);
}

/// <summary>What a method answers.</summary>
internal abstract record GatewayReply;

/// <summary>Fields for a program.</summary>
/// <param name="IsWaiting">The buyer is still to confirm (10003); no error, and not done.</param>
internal sealed record NodeReply(JsonObject Fields, bool IsWaiting = false) : GatewayReply;

/// <summary>A page of ours for the buyer's browser.</summary>
/// <param name="Path">From the root.</param>
internal sealed record PageReply(string Path) : GatewayReply;

/// <summary>A method of the protocol. Rows are made in <see cref="GatewayMethods"/>.</summary>
/// <param name="Name">With dots.</param>
/// <param name="IsPage">A browser comes with it: it is led to a page, and errors are pages too.</param>
internal sealed record GatewayMethod(string Name, bool IsPage, Func<GatewayCall, CancellationToken, Task<GatewayReply>> RunAsync)
{
    /// <summary>What the answer's node is called.</summary>
    public string Root => Name.Replace('.', '_') + "_response";
}
