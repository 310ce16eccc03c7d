using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Customers;
using Peony.Customers.SignIn;
using Peony.Edge;

namespace Peony.Server.Verbs;

/// <summary><c>backup</c>: copies a Book, also while it serves.</summary>
internal static class BackupVerb
{
    public static Command Make()
    {
        var (place, figures) = (new Place(), new Figures());
        var target = new Argument<string>("FOLDER") { Description = "An empty folder for the backup" };
        var command = new Command("backup", "Backs the instance up into a folder, also while it serves. The master key is never in a backup") { target };
        place.AddTo(command);
        figures.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var instance = new Instance(place.Read(parsed));
            var backup = new BookBackup(instance.Place, Instance.BookName, instance.Secrets);
            var manifest = await backup.RunAsync(parsed.GetValue(target)!, new Progress<string>(Console.WriteLine), cancel);
            Console.WriteLine($"backed up to frame {manifest.Head}: {manifest.Files.Count} files in {parsed.GetValue(target)}");
            Console.WriteLine("Keep the master key apart from it: without the key nothing in it can be read.");
            await figures.WriteAsync(parsed, manifest, cancel);
            return 0;
        });
        return command;
    }
}

/// <summary><c>restore</c>: puts a backup into an empty place, under the same master key.</summary>
internal static class RestoreVerb
{
    public static Command Make()
    {
        var (place, figures) = (new Place(), new Figures());
        var source = new Argument<string>("FOLDER") { Description = "The backup's folder" };
        var command = new Command("restore", "Restores a backup into an empty place, raises the epoch, and carries out every erasure the journal knows again") { source };
        place.AddTo(command);
        figures.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(place.Read(parsed), parsed.GetValue(source)!, figures.File(parsed), cancel));
        return command;
    }

    private static async Task<int> RunAsync(PeonyOptions options, string source, string? json, CancellationToken cancel)
    {
        await using var instance = new Instance(options);
        var backup = new BookBackup(instance.Place, Instance.BookName, instance.Secrets);
        var report = await backup.RestoreAsync(source, ErasedOwner, () => PrepareIdentityAsync(options), new Progress<string>(Console.WriteLine), cancel);
        Console.WriteLine($"restored to frame {report.Head}; {report.Erased.Count} erasures carried out again");
        if (report.LostAfter is { } lost)
        {
            Console.WriteLine($"The old place had reached frame {lost}: frames {report.Head + 1} to {lost} are not in this backup.");
        }

        await Figures.WriteAsync(json, report, cancel);
        return await RebuildVerb.RunAsync(options, seal: false, null, cancel);
    }

    /// <summary>The owner whose key an event of the journal destroys.</summary>
    private static string? ErasedOwner(EventOp told) =>
        told.Type == "customers.erased" ? JsonSerializer.Deserialize<CustomerErased>(told.Body, BookJson.Options)!.Customer.Value : null;

    /// <summary>On PostgreSQL the identity tables must be there before they are filled.</summary>
    private static async Task PrepareIdentityAsync(PeonyOptions options)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        new CustomersModule().AddServices(services, options);
        await using var provider = services.BuildServiceProvider();
        await IdentityTables.EnsureAsync(provider);
    }
}

/// <summary><c>rebuild</c>: makes the tables anew from the journal.</summary>
internal static class RebuildVerb
{
    public static Command Make()
    {
        var (place, figures) = (new Place(), new Figures());
        var seal = new Option<bool>("--seal") { Description = "Seal the journal's head as it is now, when its seal was lost" };
        var command = new Command("rebuild", "Makes the tables anew from the journal. Nothing is sent again") { seal };
        place.AddTo(command);
        figures.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(place.Read(parsed), parsed.GetValue(seal), figures.File(parsed), cancel));
        return command;
    }

    public static async Task<int> RunAsync(PeonyOptions options, bool seal, string? json, CancellationToken cancel)
    {
        await using var instance = new Instance(options);
        await instance.Journal.TakeAsync(() => Console.WriteLine("Another process holds the Book; waiting for it to end."), cancel);
        await using var tables = instance.Place.OpenTables(instance.Schema, isRebuild: true);
        var head = await BookRebuild.RunAsync(instance.Journal, tables, Instance.BookName, instance.Secrets,
            Console.IsOutputRedirected ? null : new Progress<VerifyProgress>(step => Console.Write($"\r{step.Frame} of {step.Frames} frames")), cancel);
        Console.WriteLine($"tables made anew up to frame {head}");
        if (seal && await instance.Journal.HeadAsync(cancel) is { } last)
        {
            instance.Seal.Write(new SealedHead(Instance.BookName, last.Sequence, last.Hash));
            Console.WriteLine($"sealed at frame {last.Sequence}");
        }

        await Figures.WriteAsync(json, new { head }, cancel);
        return 0;
    }
}
