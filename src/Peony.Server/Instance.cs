using Peony.Book;
using Peony.Edge;

namespace Peony.Server;

/// <summary>Everything of an instance that lies on disk, opened by the options of a verb: secrets, journal, tables, seal, vault.</summary>
internal sealed class Instance : IAsyncDisposable
{
    /// <summary>The Book's id; it stands in every frame.</summary>
    public const string BookName = "main";

    public Instance(PeonyOptions options)
    {
        Options = options;
        Directory.CreateDirectory(options.DataDirectory);
        Secrets = new Secrets(MasterKey.Load(Path.Combine(options.DataDirectory, "secrets"), !options.IsSandbox));
        Modules = PeonyModules.All(Secrets, options.DataDirectory);
        Schema = PeonyModules.Describe(Modules);
        Place = new BookPlace(options.DataDirectory, options.Database);
        Seal = Place.OpenSeal(Secrets);
        Journal = Place.OpenJournal(BookName);
        Tables = Place.OpenTables(Schema);
        Vault = Place.OpenVault(Secrets);
    }

    public PeonyOptions Options { get; }

    public Secrets Secrets { get; }

    public IReadOnlyList<IModule> Modules { get; }

    public BookSchema Schema { get; }

    public BookPlace Place { get; }

    public SealFile Seal { get; }

    public IJournal Journal { get; }

    public SqlTables Tables { get; }

    public SqlVault Vault { get; }

    public async ValueTask DisposeAsync()
    {
        await Tables.DisposeAsync();
        await Journal.DisposeAsync();
        await Vault.DisposeAsync();
    }
}
