using Peony.Book;
using Peony.Server.Verbs;

namespace Peony.Bench;

/// <summary>What measurements stand on, each made when it is first asked for and taken away at the end: PostgreSQL servers, served Books, the HTTP server and its load.</summary>
internal sealed class BenchStage(BenchPlan plan, string directory) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly Dictionary<string, ServedBook> _books = [];
    private Postgres? _postgres;
    private PostgresPair? _pair;
    private HttpLoad? _http;
    private string? _pgbench;

    public BenchPlan Plan => plan;

    /// <summary>On the disk that is measured; everything in it is removed.</summary>
    public string Directory => directory;

    /// <summary>How far the servers of the run were described, for the head of the table.</summary>
    public string? PostgresDescription => _postgres?.Description;

    /// <summary>Takes over something to dispose of at the end, the last one first.</summary>
    public void Own(IAsyncDisposable disposable) => _owned.Add(disposable);

    public async Task<Postgres> PostgresAsync(CancellationToken cancel)
    {
        if (_postgres is null)
        {
            Own(_postgres = await Postgres.StartAsync(Path.Combine(directory, "postgresql"), plan.Database, cancel));
        }

        return _postgres;
    }

    public async Task<PostgresPair> PairAsync(CancellationToken cancel)
    {
        if (_pair is null)
        {
            Own(_pair = await PostgresPair.StartAsync(Path.Combine(directory, "pair"), cancel));
        }

        return _pair;
    }

    /// <summary>A Book of this process on <c>sqlite</c> or <c>postgresql</c>; whoever asks again gets the same.</summary>
    /// <param name="name">Where measurements want Books of their own: what the folder and the database are called.</param>
    public async Task<ServedBook> BookAsync(string database, CancellationToken cancel, string name = "book")
    {
        var key = $"{name} {database}";
        if (!_books.TryGetValue(key, out var book))
        {
            var server = database == "postgresql" ? await PostgresAsync(cancel) : null;
            var connection = server is null ? null : server.Connection(await server.CreateDatabaseAsync(name, cancel));
            Own(book = _books[key] = await ServedBook.StartAsync(key, Path.Combine(directory, $"{name}-{database}"), connection, server, cancel));
        }

        return book;
    }

    public async Task<HttpLoad> HttpAsync(CancellationToken cancel)
    {
        if (_http is null)
        {
            Own(_http = await HttpLoad.StartAsync(Path.Combine(directory, "http"), plan, cancel));
        }

        return _http;
    }

    /// <summary>pgbench's own tables, which its built-in scripts share.</summary>
    public async Task<string> PgbenchTablesAsync(CancellationToken cancel)
    {
        if (_pgbench is null)
        {
            var server = await PostgresAsync(cancel);
            var database = await server.CreateDatabaseAsync("tpcb", cancel);
            await server.PgbenchAsync(database, ["-i", "-q", "-s", $"{plan.Scale}"], cancel);
            _pgbench = database;
        }

        return _pgbench;
    }

    /// <summary>Balances and history of pgbench's own tables agree.</summary>
    public async Task<string?> CheckPgbenchAsync(CancellationToken cancel) => _pgbench is null
        ? null
        : await (await PostgresAsync(cancel)).ReadAsync(_pgbench, """
            SELECT CASE
                WHEN (SELECT sum(abalance) FROM pgbench_accounts) <> (SELECT sum(delta) FROM pgbench_history) THEN 'accounts and history'
                WHEN (SELECT sum(bbalance) FROM pgbench_branches) <> (SELECT sum(tbalance) FROM pgbench_tellers) THEN 'branches and tellers'
                END
            """, cancel) is { Length: > 0 } wrong ? $"pgbench: {wrong} do not agree" : null;

    /// <summary>Stops every Book and recomputes everything from its journal.</summary>
    public async Task<IReadOnlyDictionary<string, VerifyReport>> VerifyAsync(CancellationToken cancel)
    {
        var reports = new Dictionary<string, VerifyReport>();
        foreach (var (name, book) in _books)
        {
            await Console.Error.WriteLineAsync($"verifying {name} ...");
            reports[name] = await book.StopAndVerifyAsync(cancel);
        }

        if (_http is not null)
        {
            await Console.Error.WriteLineAsync("verifying the Book behind HTTP ...");
            reports["http"] = await _http.StopAndVerifyAsync(cancel);
        }

        return reports;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }
    }
}
