using System.Collections.Concurrent;
using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Peony.Bench;
using Peony.Book;

namespace Peony.Proof;

/// <summary>What the driver is told to do.</summary>
/// <param name="Folder">Where the Book lives.</param>
/// <param name="Log">The driver's log: a line before each command and one after its answer, each written by one system call.</param>
/// <param name="Life">Which start this is; it draws other commands than the ones before.</param>
/// <param name="IsKilled">Ends like a killed process instead of cleanly.</param>
/// <param name="IsEager">A planted bug: answers come before the journal has them.</param>
internal sealed record DrivePlan(string Folder, string Log, int Seed, int Life, int Commands, bool IsKilled, bool IsEager);

/// <summary>
/// The mode <c>drive</c> of this program: a Book and a few callers in one process, run under strace so that what reaches the disk, and when an answer is given, is known to
/// the system call.
/// </summary>
internal sealed class Driver(DrivePlan plan) : IDisposable
{
    /// <summary>The exit code when the Book has stopped serving: nothing was answered falsely, the rest is for the next start.</summary>
    public const int StoppedServing = 3;

    private const int Callers = 6;
    private const int TriesMost = 60;
    private readonly Lock _turn = new();
    private readonly FileStream _log = new(plan.Log, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    private readonly ConcurrentDictionary<int, BenchPerson> _plants = [];

    public static Command Command()
    {
        var folder = new Option<string>("--folder") { Required = true };
        var log = new Option<string>("--log") { Required = true };
        var seed = new Option<int>("--seed");
        var life = new Option<int>("--life");
        var commands = new Option<int>("--commands");
        var killed = new Option<bool>("--killed");
        var eager = new Option<bool>("--eager");
        var command = new Command("drive", "Drives a Book under a tracer; started by the proofs themselves") { folder, log, seed, life, commands, killed, eager };
        command.Hidden = true;
        command.SetAction(async (parsed, cancel) =>
        {
            using var driver = new Driver(new DrivePlan(parsed.GetValue(folder)!, parsed.GetValue(log)!, parsed.GetValue(seed), parsed.GetValue(life), parsed.GetValue(commands),
                parsed.GetValue(killed), parsed.GetValue(eager)));
            return await driver.RunAsync(cancel);
        });
        return command;
    }

    /// <summary>The command line that does what the plan says.</summary>
    public static IReadOnlyList<string> Arguments(DrivePlan plan) =>
    [
        Path.Combine(AppContext.BaseDirectory, "Peony.Proof.dll"), "drive", "--folder", plan.Folder, "--log", plan.Log, "--seed", $"{plan.Seed}", "--life", $"{plan.Life}",
        "--commands", $"{plan.Commands}", .. plan.IsKilled ? ["--killed"] : Array.Empty<string>(), .. plan.IsEager ? ["--eager"] : Array.Empty<string>(),
    ];

    public void Dispose() => _log.Dispose();

    private async Task<int> RunAsync(CancellationToken cancel)
    {
        using var logging = LoggerFactory.Create(builder => builder.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        DrivenBook book;
        try
        {
            book = await DrivenBook.StartAsync(plan.Folder, logging.CreateLogger<BookHost>(), plan.IsEager, cancel);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The disk fails while the Book starts: it says so and ends, as serve does.
            await Console.Error.WriteLineAsync(exception.ToString());
            return StoppedServing;
        }

        Know(Script.Read(plan.Log));
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(book, caller), cancel)));
        if (plan.IsKilled)
        {
            System.Diagnostics.Process.GetCurrentProcess().Kill();
        }

        var isServing = book.Host.Health.State == BookState.Serving;
        await book.DisposeAsync();
        return isServing ? 0 : StoppedServing;
    }

    private void Know(Script script)
    {
        foreach (var (number, person) in script.People())
        {
            _plants[number] = person;
        }
    }

    /// <summary>One caller: people of its own, one command after the other.</summary>
    private async Task CallAsync(DrivenBook book, int caller)
    {
        var random = new Random((plan.Seed * 1_000_003) + (plan.Life * 1009) + caller);
        var number = (caller * 1_000_000) + (plan.Life * 10_000);
        var (person, open) = (0, (string?)null);
        for (var turn = 0; turn < plan.Commands / Callers; turn++)
        {
            number++;
            var sent = person == 0 || random.Next(25) == 0 ? new Sent(number, Act.Plant) : Next(random, number, person, ref open);
            if (sent is { Act: Act.Redeem, Code: null })
            {
                if (await CodeAsync(book, sent) is not { } code)
                {
                    return;
                }

                sent = sent with { Code = random.Next(8) == 0 ? "00000000" : code };
            }

            if (await SendAsync(book, sent) is not { } told)
            {
                return;
            }

            if (sent.Act == Act.Plant)
            {
                person = number;
            }
            else if (sent.Act == Act.Ask && told.Reply is { } reply)
            {
                open = JsonDocument.Parse(reply).RootElement.GetProperty("id").GetString();
            }

            // So that the seal is written several times meanwhile.
            await Task.Delay(random.Next(30));
        }
    }

    private static Sent Next(Random random, int number, int person, ref string? open)
    {
        if (open is { } withdrawal && random.Next(2) == 0)
        {
            open = null;
            return new Sent(number, random.Next(4) == 0 ? Act.Cancel : Act.Redeem, person, Subject: withdrawal);
        }

        return random.Next(10) switch
        {
            0 => new Sent(number, Act.Seal, person),
            1 when random.Next(6) == 0 => new Sent(number, Act.Destroy, person),
            2 or 3 => new Sent(number, Act.Ask, person, random.Next(10_00, 60_00)),
            4 when random.Next(4) == 0 => new Sent(number, Act.Buy, person, 20_000_00),
            _ => new Sent(number, Act.Buy, person, random.Next(1, 50_00)),
        };
    }

    /// <summary>Sends it until it is answered; null when the Book does not serve any more.</summary>
    private async Task<Told?> SendAsync(DrivenBook book, Sent sent)
    {
        Write(new LogLine(sent, sent.Number, null));
        for (var tries = 0; tries < TriesMost; tries++)
        {
            try
            {
                var told = await book.SendAsync(sent, _plants);
                Write(new LogLine(null, sent.Number, told));
                if (sent.Act == Act.Plant)
                {
                    _plants[sent.Number] = Script.PersonOf(told);
                }

                return told;
            }
            catch (Exception exception) when (exception is not ProofFailedException)
            {
                if (exception is not (BookUnavailableException or OutcomeUnknownException))
                {
                    await Console.Error.WriteLineAsync($"{sent}: {exception}");
                }

                if (book.Host.Health.State is BookState.Stopped or BookState.Fenced)
                {
                    return null;
                }

                await Task.Delay(50);
            }
        }

        return null;
    }

    private static async Task<string?> CodeAsync(DrivenBook book, Sent sent)
    {
        for (var tries = 0; tries < TriesMost; tries++)
        {
            try
            {
                return await book.CodeAsync(sent.Subject!);
            }
            catch (Exception exception) when (exception is not ProofFailedException && book.Host.Health.State is not (BookState.Stopped or BookState.Fenced))
            {
                await Task.Delay(50);
            }
        }

        return null;
    }

    private void Write(LogLine line)
    {
        lock (_turn)
        {
            _log.Write(line.Bytes());
        }
    }
}
