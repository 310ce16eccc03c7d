using Peony.Book;

namespace Peony.Merchants;

/// <summary>What the gateway asks with every request: answered from memory as long as nothing changed.</summary>
internal sealed class AppReader(IBookReader reader)
{
    public async ValueTask<AppView?> FindAsync(AppId app, CancellationToken cancel = default) =>
        await reader.RecallAsync<MerchantApp>(app.Value, cancel) is { } found && await reader.RecallAsync<Merchant>(found.Merchant.Value, cancel) is { } merchant
            ? found.View(merchant, reader.Now)
            : null;
}
