using System.CommandLine;
using System.Globalization;
using Peony.Book;
using Peony.Edge;

namespace Peony.Server.Verbs;

/// <summary><c>verify</c>: recomputes everything from the journal and compares it with every row. Runs beside a serving Book.</summary>
internal static class VerifyVerb
{
    public static Command Make()
    {
        var place = new Place();
        var figures = new Figures();
        var command = new Command("verify", "Recomputes chain, balances, holds, records, replies and every table row from the journal; exits 0 only when all of it agrees");
        figures.AddTo(command);
        place.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(place.Read(parsed), figures.File(parsed), cancel));
        return command;
    }

    /// <summary>Exit code 0 when sound, 1 with the first thing that is wrong.</summary>
    public static async Task<int> RunAsync(PeonyOptions options, string? json, CancellationToken cancel)
    {
        await using var instance = new Instance(options);
        await using var tables = instance.Place.OpenDialect();
        var report = await BookVerifier.RunAsync(instance.Journal, tables, instance.Seal, instance.Schema, instance.Secrets, Instance.BookName,
            Console.IsOutputRedirected ? null : new Progress<VerifyProgress>(step => Console.Write($"\r{step.Doing} {step.Frame} of {step.Frames}   ")), cancel);
        if (!Console.IsOutputRedirected)
        {
            Console.WriteLine();
        }

        Print(report);
        await Figures.WriteAsync(json, report, cancel);
        return report.IsSound ? 0 : 1;
    }

    private static void Print(VerifyReport report)
    {
        Console.WriteLine($"{Number(report.Frames)} frames, {Number(report.Commands)} commands, {Number(report.Entries)} entries, {Number(report.Postings)} postings, "
            + $"{Number(report.Accounts)} accounts, {Number(report.OpenHolds)} open holds, {Number(report.Records)} records, {Number(report.Replies)} replies");
        foreach (var balance in report.TrialBalance)
        {
            Console.WriteLine($"{balance.Currency}: debits {balance.Debits} = credits {balance.Credits}; pending {balance.DebitsPending} = {balance.CreditsPending}");
        }

        Console.WriteLine($"tables at frame {Number(report.TablesAt)}, {Number(report.RowsCompared)} rows compared, {report.Controls} control totals, unsealed tail {Number(report.UnsealedTail)}");
        foreach (var note in report.Notes)
        {
            Console.WriteLine("note: " + note);
        }

        Console.WriteLine(report.Problem is { } problem ? "WRONG: " + problem : "sound");
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
