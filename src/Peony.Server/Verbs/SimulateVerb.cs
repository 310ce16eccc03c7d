using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Peony.Book;
using Peony.Server.Simulation;

namespace Peony.Server.Verbs;

/// <summary><c>simulate</c>: seeded histories of the whole money core under every fault, with an auditor that shares none of its decisions.</summary>
internal static class SimulateVerb
{
    /// <summary>What must have happened at least once in a run, besides every refusal.</summary>
    /// <summary>An approval between the unbinding of its card and the cancellation that follows: too rare for some hundred seeds; the slices' own tests have it.</summary>
    private const string TooRare = "withdrawal.card_changed";

    private static readonly string[] Classes =
    [
        "command", "frame", "miss", "timer gone", "duplicate", "reordered", "effect outcome", "crash at rest", "crash before append", "crash after append", "failed append",
        "unknown append, there", "unknown append, not there", "check",
    ];

    public static Command Make()
    {
        var seeds = new Option<int>("--seeds") { Description = "How many seeds", DefaultValueFactory = _ => 500 };
        var first = new Option<long>("--first-seed") { Description = "The first seed", DefaultValueFactory = _ => 1 };
        var commands = new Option<int>("--commands") { Description = "Commands a seed", DefaultValueFactory = _ => 200 };
        var (place, figures) = (new Place(), new Figures());
        var command = new Command("simulate", "Runs seeded histories of the money core under crashes, failed and unknown appends, misses, timers, duplicates; replays exactly by seed")
        {
            seeds, first, commands,
        };
        place.AddTo(command);
        figures.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(first), parsed.GetValue(seeds), parsed.GetValue(commands), figures.File(parsed), cancel));
        return command;
    }

    private static async Task<int> RunAsync(long first, int seeds, int commands, string? json, CancellationToken cancel)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var clock = Stopwatch.StartNew();
        for (var seed = first; seed < first + seeds; seed++)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                var hash = await OnceAsync(seed, commands, counts, crashAt: null);
                if (hash != await OnceAsync(seed, commands, [], crashAt: null))
                {
                    throw new InvariantBrokenException("The same seed gave another journal.");
                }

                if ((seed - first) % 50 == 0)
                {
                    await CrashEverywhereAsync(seed, commands, counts);
                }
            }
            catch (Exception exception) when (exception is InvariantBrokenException or AggregateException)
            {
                Console.WriteLine($"seed {seed}: {exception.Message}");
                Console.WriteLine($"broken; replay with: simulate --first-seed {seed} --seeds 1 --commands {commands}");
                return 1;
            }

            if (clock.Elapsed.TotalSeconds > 5 && !Console.IsOutputRedirected)
            {
                Console.Write($"\r{seed - first + 1} of {seeds} seeds");
            }
        }

        return await ReportAsync(counts, seeds, commands, clock.Elapsed, json, cancel);
    }

    private static async Task<string> OnceAsync(long seed, int commands, SortedDictionary<string, long> counts, int? crashAt)
    {
        var world = new WithdrawalWorld();
        await using var book = new SimulatedBook(world.Schema, world, (ulong)seed, counts, crashAt);
        world.Attach(book.Tables);
        book.Run(commands);
        return book.Hash;
    }

    /// <summary>One history, once for every append with a crash before it and once with a crash after it.</summary>
    private static async Task CrashEverywhereAsync(long seed, int commands, SortedDictionary<string, long> counts)
    {
        var world = new WithdrawalWorld();
        int appends;
        await using (var book = new SimulatedBook(world.Schema, world, (ulong)seed, [], crashAtAppend: 0))
        {
            world.Attach(book.Tables);
            book.Run(commands / 4);
            appends = book.Appends;
        }

        for (var at = 1; at <= appends; at++)
        {
            await OnceAsync(seed, commands / 4, counts, at);
            await OnceAsync(seed, commands / 4, counts, -at);
        }
    }

    private static async Task<int> ReportAsync(SortedDictionary<string, long> counts, int seeds, int commands, TimeSpan took, string? json, CancellationToken cancel)
    {
        Console.WriteLine();
        foreach (var (what, count) in counts)
        {
            Console.WriteLine($"{count.ToString("N0", CultureInfo.InvariantCulture),12}  {what}");
        }

        var missing = Classes.Concat(WithdrawalWorld.Refusals.Where(code => code != TooRare).Select(code => "refusal " + code)).Where(name => counts.GetValueOrDefault(name) == 0).ToList();
        foreach (var name in missing)
        {
            Console.WriteLine($"{0,12}  {name}  (none: this run proves nothing about it)");
        }

        await Figures.WriteAsync(json, new { seeds, commands, seconds = took.TotalSeconds, counts, missing }, cancel);
        Console.WriteLine($"{seeds} seeds, {commands} commands each, {took.TotalSeconds:F0} s: 0 broken invariants{(missing.Count == 0 ? "" : $", {missing.Count} classes never reached")}");
        return missing.Count == 0 ? 0 : 1;
    }
}
