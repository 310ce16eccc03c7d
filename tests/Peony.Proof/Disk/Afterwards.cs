using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Peony.Bench;
using Peony.Book;
using Peony.Credit;
using Peony.Withdrawals;

namespace Peony.Proof;

/// <summary>
/// What must be so after any accident: the Book starts without a hand laid on it, every acknowledged command is there and answers the same, every other is settled by its key and
/// done at most once, personal keys are there or destroyed as was said, and everything verifies.
/// </summary>
internal static class Afterwards
{
    /// <param name="script">What the callers know.</param>
    /// <returns>How many commands were answered before the accident, and how many were not.</returns>
    /// <exception cref="ProofFailedException">Something of it is not so.</exception>
    public static async Task<(int Answered, int Open)> CheckAsync(string folder, Script script, CancellationToken cancel)
    {
        var book = await StartAsync(folder, cancel);
        var people = new Dictionary<int, BenchPerson>();
        var told = new Dictionary<int, Told>();
        try
        {
            await RepeatAsync(book, script, people, told);
            await CountAsync(book, script, people, told, cancel);
            await CheckKeysAsync(book, script, told);
            await book.DrainAsync(cancel);
        }
        finally
        {
            await book.DisposeAsync();
        }

        var report = await book.VerifyAsync(cancel);
        Proofs.Hold(report.IsSound, "verify: " + report.Problem);
        Proofs.Same(0, report.UnsealedTail, "Unsealed frames after a clean stop");
        return (script.Told.Count, script.Sent.Count - script.Told.Count);
    }

    private static async Task<DrivenBook> StartAsync(string folder, CancellationToken cancel)
    {
        try
        {
            return await DrivenBook.StartAsync(folder, NullLogger<BookHost>.Instance, cancel: cancel);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new ProofFailedException("The Book does not start: " + exception.Message);
        }
    }

    /// <summary>Sends everything again in the order it was sent, people first.</summary>
    private static async Task RepeatAsync(DrivenBook book, Script script, Dictionary<int, BenchPerson> people, Dictionary<int, Told> told)
    {
        foreach (var sent in script.Sent.OrderBy(sent => sent.Act == Act.Plant ? 0 : 1))
        {
            if (sent.Act is Act.Seal or Act.Destroy)
            {
                continue;
            }

            var again = await SendAsync(book, sent, people);
            if (script.Told.TryGetValue(sent.Number, out var before))
            {
                Proofs.Hold(again == before, $"{sent} was answered\n{before}\nand now is answered\n{again}");
            }
            else
            {
                Proofs.Same(again, await SendAsync(book, sent, people), $"The second answer to {sent}, which was not answered before");
            }

            told[sent.Number] = again;
            if (sent.Act == Act.Plant)
            {
                people[sent.Number] = Script.PersonOf(again);
            }
        }
    }

    private static async Task<Told> SendAsync(DrivenBook book, Sent sent, Dictionary<int, BenchPerson> people)
    {
        try
        {
            return await book.SendAsync(sent, people);
        }
        catch (CommandFailedException exception)
        {
            throw new ProofFailedException($"{sent} failed: {exception.Message}");
        }
    }

    /// <summary>Each customer has as many purchases and withdrawals as were answered with one.</summary>
    private static async Task CountAsync(DrivenBook book, Script script, Dictionary<int, BenchPerson> people, Dictionary<int, Told> told, CancellationToken cancel)
    {
        foreach (var (number, person) in people)
        {
            int Done(Act act) => script.Sent.Count(sent => sent.Act == act && sent.Person == number && told[sent.Number].Refusal is null);
            var all = new Page(Limit: 1000);
            var purchases = await CreditReader.PurchasesAsync(book.Host.Reader, person.Customer, all, cancel);
            Proofs.Same(Done(Act.Buy), purchases.Count, $"Purchases of {person.Customer}");
            var withdrawals = await book.Host.Reader.ListAsync<Withdrawal>(WithdrawalsModule.ByCustomer, person.Customer.Value, all, cancel);
            Proofs.Same(Done(Act.Ask), withdrawals.Count, $"Withdrawals of {person.Customer}");
        }
    }

    private static async Task CheckKeysAsync(DrivenBook book, Script script, Dictionary<int, Told> told)
    {
        foreach (var owner in script.Sent.Where(sent => sent.Act is Act.Seal).GroupBy(sent => sent.Owner))
        {
            var destroyed = script.Sent.Where(sent => sent.Act == Act.Destroy && sent.Owner == owner.Key).ToList();
            var isDestroyed = destroyed.Any(sent => script.Told.ContainsKey(sent.Number));
            foreach (var sent in owner)
            {
                if (script.Told.GetValueOrDefault(sent.Number)?.Reply is { } envelope)
                {
                    var text = await book.OpenAsync(owner.Key, envelope);
                    Proofs.Hold(text == owner.Key || (text is null && destroyed.Count > 0), $"What was sealed for {owner.Key} cannot be opened.");
                    Proofs.Hold(text is null || !isDestroyed, $"The key of {owner.Key} was destroyed and is there again.");
                }
            }
        }
    }
}
