using System.Diagnostics;
using System.Net;

namespace Peony.Proof;

/// <summary>Which files lie on the disk that is full.</summary>
internal enum FullDisk
{
    Journal,
    Tables,
    Seal,
}

/// <summary>A disk of its own for one part of the program fills up and gets space again, while the program serves.</summary>
internal sealed class FullDiskProof(FullDisk part) : IProof
{
    private const string Size = "48m";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public string Name => $"full disk {part.ToString().ToLowerInvariant()} sqlite";

    public string Claim => part switch
    {
        FullDisk.Journal => "When the journal's disk is full, payments are refused and nothing moves, reads go on, and when there is space again the program goes on without a restart or a hand laid on it.",
        FullDisk.Tables => "When the tables' disk is full, payments go on in the journal, nothing stale is shown, and when there is space again the tables catch up without a restart or a hand laid on them.",
        FullDisk.Seal => "When the seal's disk is full, payments and reads go on, and when there is space again the head is sealed.",
    };

    public async Task<ProofRound> RunAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        var store = await place.MakeServerPlaceAsync(Database.Sqlite);
        var mount = part == FullDisk.Seal ? Path.Combine(store.Directory, "seal") : Path.Combine(place.Folder, "small-disk");
        Directory.CreateDirectory(mount);
        await MountAsync(mount, cancel);
        try
        {
            if (part != FullDisk.Seal)
            {
                var file = part == FullDisk.Journal ? "journal.db" : "tables.db";
                File.CreateSymbolicLink(Path.Combine(store.Directory, file), Path.Combine(mount, file));
            }

            return await FillAsync(store, Path.Combine(mount, "filler"), cancel);
        }
        finally
        {
            using var umount = Process.Start("umount", ["-l", mount]);
            await umount.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task MountAsync(string mount, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", "size=" + Size, "tmpfs", mount]) { RedirectStandardError = true })
            ?? throw new InvalidOperationException("mount did not start.");
        var error = await process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
        {
            throw new ProofNotRunException("A disk of its own cannot be mounted here (that needs root): " + error.Trim());
        }
    }

    private async Task<ProofRound> FillAsync(ServerPlace store, string filler, CancellationToken cancel)
    {
        await using var server = await ServerProcess.StartAsync(store);
        var lin = await Caller.SignInAsync(server, Caller.Lin);
        var before = await lin.FreeAsync(server);
        var bought = new List<(string Key, Answer? Answer)>();
        await BuyAsync(lin, server, bought, 20, cancel);
        Proofs.Hold(bought.All(purchase => purchase.Answer is { Status: 201 }), "Not every purchase was made while there was space.");

        Fill(filler);
        var full = bought.Count;
        await BuyAsync(lin, server, bought, 40, cancel);
        var refused = bought.Skip(full).Where(purchase => purchase.Answer is not { Status: 201 }).ToList();
        var whileFull = bought.Count - full;
        var reads = await ReadAsync(lin, server, before, bought);
        Proofs.Hold(!server.HasEnded, "The program ended: " + server.Output);
        if (part == FullDisk.Journal)
        {
            Proofs.Hold(refused.Count > 0, "The disk did not fill.");
            Proofs.Hold(refused.All(purchase => purchase.Answer is { Status: 503 }), "On a full disk: " + string.Join(", ", refused.Select(purchase => $"{purchase.Answer?.Status} {purchase.Answer?.Code}").Distinct()));
            Proofs.Same(HttpStatusCode.ServiceUnavailable, await server.ReadinessAsync(), "Readiness with a full journal");
            Proofs.Hold(reads == 200, $"A read answers {reads} while the journal's disk is full.");
        }
        else
        {
            Proofs.Same(0, refused.Count, "Purchases refused though the journal has space");
            Proofs.Hold(reads == 200 || (part == FullDisk.Tables && reads == 503), $"A read answers {reads} while the disk is full.");
        }

        File.Delete(filler);
        await server.BecomesAsync(HttpStatusCode.OK, Patience, "With space again");
        for (var index = full; index < bought.Count; index++)
        {
            var again = await AnsweredAsync(lin, server, bought[index].Key);
            Proofs.Hold(again.Status == 201, $"The same key after the disk was full: {again.Status} {again.Code}");
            Proofs.Hold(bought[index].Answer is not { Status: 201 } first || first.Text == again.Text, "The same key is answered otherwise after the disk was full.");
            bought[index] = (bought[index].Key, again);
        }

        await BuyAsync(lin, server, bought, 20, cancel);
        Proofs.Hold(bought.All(purchase => purchase.Answer is { Status: 201 }), "Not every purchase was made when there was space again.");
        Proofs.Same(before - bought.Count, await lin.FreeAsync(server), "What is left to spend");
        Proofs.Same(0, await server.StopAsync(), "Exit code of a clean stop");
        await ServerProcess.VerifyAsync(store);
        return new ProofRound(whileFull, new Dictionary<string, long>
        {
            ["commands sent while the disk was full"] = whileFull,
            ["refused with nothing moved, or unknown and settled by their key"] = refused.Count,
            ["restarts needed"] = 0,
        });
    }

    /// <summary>Purchases of one fen, one after the other; what a brake delays is sent again.</summary>
    private static async Task BuyAsync(Caller caller, ServerProcess server, List<(string Key, Answer? Answer)> bought, int count, CancellationToken cancel)
    {
        for (var number = 0; number < count; number++)
        {
            cancel.ThrowIfCancellationRequested();
            var key = Caller.NewKey();
            var answer = await caller.BuyAsync(server, 1, key);
            while (answer.Status == 429)
            {
                await Task.Delay(100, cancel);
                answer = await caller.BuyAsync(server, 1, key);
            }

            bought.Add((key, answer));
        }
    }

    private static async Task<Answer> AnsweredAsync(Caller caller, ServerProcess server, string key)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            var answer = await caller.BuyAsync(server, 1, key);
            if (answer.Status is not (429 or 503) || since.Elapsed > Patience)
            {
                return answer;
            }

            await Task.Delay(100);
        }
    }

    /// <summary>What a read answers; a success must hold every purchase that was answered.</summary>
    private static async Task<int> ReadAsync(Caller caller, ServerProcess server, long before, List<(string Key, Answer? Answer)> bought)
    {
        var answer = await caller.GetAsync(server, "credit");
        if (answer.IsSuccess)
        {
            var free = answer.Json["credit_balance"]!["amount"]!.GetValue<long>() - answer.Json["owed"]!["amount"]!.GetValue<long>();
            Proofs.Hold(free <= before - bought.Count(purchase => purchase.Answer is { Status: 201 }), "A read on a full disk lacks purchases that were answered.");
        }

        return answer.Status;
    }

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var bytes in new[] { 1 << 20, 4096, 1 })
        {
            var block = new byte[bytes];
            try
            {
                while (true)
                {
                    file.Write(block);
                }
            }
            catch (IOException)
            {
                // Full at this size; the rest is filled with smaller pieces.
            }
        }
    }
}
