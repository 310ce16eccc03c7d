using System.Text;
using Peony.Book;
using Peony.Customers;

namespace Peony.Payouts;

/// <summary>The files exchanged with the bank: sealed before they are kept, opened for an operator only.</summary>
internal static class BankFiles
{
    public const string ByOrder = "order";

    /// <summary>Seals a file in the customer's envelope and adds it; when the customer was erased nothing is kept.</summary>
    public static async Task AddAsync(List<SealedFile> files, IVault vault, CustomerId customer, string name, bool isSent, byte[] file, CancellationToken cancel)
    {
        try
        {
            files.Add(new SealedFile(name, isSent, await vault.SealAsync(customer.Value, Encoding.UTF8.GetString(file), cancel)));
        }
        catch (InvalidOperationException)
        {
            // The key was destroyed: what belongs to nobody any more is not kept.
        }
    }

    /// <summary>Keeps sealed files with the order, inside a slice.</summary>
    public static void Keep(IWork work, string order, CustomerId customer, IReadOnlyList<SealedFile> files)
    {
        foreach (var file in files)
        {
            work.Save(new BankMessage(work.NewId<BankMessageId>(), order, customer, file.Name, file.IsSent, work.Now, file.Body));
        }
    }

    /// <summary>The files of an order, oldest first, with their text; the text is null when the customer was erased. For operators: whoever shows it records the view.</summary>
    public static async Task<IReadOnlyList<OpenedFile>> ReadAsync(IBookReader reader, IVault vault, string order, CancellationToken cancel)
    {
        var opened = new List<OpenedFile>();
        foreach (var message in await reader.ListAsync<BankMessage>(ByOrder, order, new Page(Limit: 100, NewestFirst: false), cancel))
        {
            opened.Add(new OpenedFile(message.Id, message.Name, message.IsSent, message.At, await vault.OpenAsync(message.Customer.Value, message.Body, cancel)));
        }

        return opened;
    }
}

/// <summary>A bank file opened for an operator.</summary>
internal sealed record OpenedFile(BankMessageId Id, string Name, bool IsSent, DateTimeOffset At, string? Xml)
{
    public override string ToString() => $"{Name} {Id}";
}
