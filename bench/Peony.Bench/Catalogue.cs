namespace Peony.Bench;

/// <summary>Everything that can be measured, and what is wanted of it. A further figure is a class of its own and a line here.</summary>
internal static class Catalogue
{
    /// <summary>Rates, once a round each.</summary>
    public static IReadOnlyList<IMeasurement> Rates(BenchStage stage) =>
    [
        new TpcB(stage),
        new SimpleUpdate(stage),
        new LedgerFunction(stage, hotPercent: 0),
        new SqliteRows(stage),
        new Transfers(stage, "sqlite"),
        new Transfers(stage, "postgresql"),
        new Purchases(stage, "sqlite"),
        new Withdrawals(stage, "sqlite"),
        new Purchases(stage, "postgresql"),
        new Withdrawals(stage, "postgresql"),
        new LedgerFunction(stage, hotPercent: 90),
        new Transfers(stage, "sqlite", hotPercent: 90),
        new HttpMeasurement(stage, HttpRoutes.Echo),
        new HttpMeasurement(stage, HttpRoutes.Purchase),
        new Appends(stage, withStandby: false),
        new Appends(stage, withStandby: true),
    ];

    /// <summary>Figures taken once, after the rounds, by <c>--full</c>.</summary>
    public static IReadOnlyList<IOnce> Once(BenchStage stage) =>
    [
        new EmptyStart(stage),
        new Growth(stage),
    ];

    public static IReadOnlyList<Goal> Goals { get; } =
    [
        new("durable batch transfers, SQLite / TPC-B", 100, 350, "x", results => results.Ratio(Transfers.NameOf("sqlite"), TpcB.Title)),
        new("durable batch transfers, PostgreSQL / TPC-B", 50, 150, "x", results => results.Ratio(Transfers.NameOf("postgresql"), TpcB.Title)),
        new("complete purchases, applier drained, SQLite / TPC-B", 8, 15, "x", results => results.Ratio("purchases sqlite", TpcB.Title)),
        new("one durable purchase an HTTP request at 128 connections / echo", 0.4, 0.6, "x", results => results.Ratio(HttpLoad.Purchase, HttpLoad.Echo)),
        new("the same, p99", 8, 6, " ms", results => results.Of(HttpLoad.Purchase, measured => measured.P99Milliseconds), IsMost: true),
        new("90 % on one account / uniform", 0.95, 1.0, "x", results => results.Ratio("batch transfers sqlite, 90 % on one wallet", Transfers.NameOf("sqlite"))),
        new("CPU per transfer at 10^7 / 10^4 entries", 1.3, 1.1, "x", results => results.Once(Growth.At(Growth.Cpu, 10_000_000)) is { } grown
            && results.Once(Growth.At(Growth.Cpu, 10_000)) is { } small ? Spread.Of([grown.Median / small.Median]) : null, IsMost: true),
        new("statement page of 50 at 10^7 entries, p99", 2, 1, " ms", results => results.Once(Growth.At(Growth.Page, 10_000_000)), IsMost: true),
        new("bytes on disk a transfer, all files", 400, 300, " B", results => results.Once(Growth.At(Growth.Bytes, 10_000_000)), IsMost: true),
        new("ready after start, with 10^7 entries", 2, 0.5, " s", results => results.Once(Growth.At(Growth.Start, 10_000_000)), IsMost: true),
        new("ready after start, empty", 2, 0.5, " s", results => results.Once(EmptyStart.Figure), IsMost: true),
        new("synchronous standby / single", 0.5, 0.7, "x", results => results.Ratio("appends, synchronous standby", Appends.Alone)),
    ];
}
