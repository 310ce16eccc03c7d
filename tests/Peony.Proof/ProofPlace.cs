namespace Peony.Proof;

/// <summary>Where one round of a proof runs. Its files are taken away when it is disposed of, which is done only after a round that held.</summary>
/// <param name="folder">All files of the round lie in it.</param>
/// <param name="postgres">The connection string of the PostgreSQL server, asked for only by proofs that need one.</param>
/// <param name="isAlone">True when nothing else runs on the machine: only then is it judged how long something took.</param>
internal sealed class ProofPlace(string folder, Func<string> postgres, bool isAlone) : IAsyncDisposable
{
    private readonly List<ServerPlace> _servers = [];

    public string Folder => folder;

    public string Postgres => postgres();

    /// <summary>Holds a claim about time or throughput, where it can be judged.</summary>
    public void HoldAlone(bool condition, string message) => Proofs.Hold(condition || !isAlone, message);

    /// <summary>A place for an instance, kept until the end of the round.</summary>
    public async Task<ServerPlace> MakeServerPlaceAsync(Database database)
    {
        var made = await ServerPlace.MakeAsync(database, database == Database.Postgres ? Postgres : null, folder);
        _servers.Add(made);
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }
}
