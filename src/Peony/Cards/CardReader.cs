using Peony.Book;
using Peony.Customers;

namespace Peony.Cards;

/// <summary>What pages and the API read of cards.</summary>
internal static class CardReader
{
    /// <summary>The customer's bound cards, oldest first.</summary>
    public static async Task<IReadOnlyList<CardView>> BoundAsync(IBookReader reader, CustomerId customer, CancellationToken cancel = default) =>
        [.. (await AllAsync(reader, customer, cancel)).Where(card => card.IsBound)];

    /// <summary>Every card the customer ever bound, oldest first.</summary>
    public static async Task<IReadOnlyList<CardView>> AllAsync(IBookReader reader, CustomerId customer, CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<BankCard>(CardsModule.ByCustomer, customer.Value, new Page(Limit: 200, NewestFirst: false), cancel)).Select(card => card.View())];

    /// <summary>The customer's card, bound or not, or null; a stranger's id looks like no id.</summary>
    public static async Task<CardView?> CardAsync(IBookReader reader, CustomerId customer, CardId id, CancellationToken cancel = default) =>
        await reader.FindAsync<BankCard>(id.Value, cancel) is { } card && card.Customer == customer ? card.View() : null;
}
