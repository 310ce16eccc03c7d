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
        new Purchases(stage, "sqlite"),
        new Withdrawals(stage, "sqlite"),
        new Purchases(stage, "postgresql"),
        new Withdrawals(stage, "postgresql"),
        new LedgerFunction(stage, hotPercent: 90),
        new HttpMeasurement(stage, HttpRoutes.Echo),
        new HttpMeasurement(stage, HttpRoutes.Purchase),
        new Appends(stage, withStandby: false),
        new Appends(stage, withStandby: true),
    ];

    /// <summary>Figures taken once, after the rounds, by <c>--full</c>.</summary>
    public static IReadOnlyList<IGrowth> Growth(BenchStage stage) =>
    [
        new EmptyStart(stage),
    ];

    public static IReadOnlyList<Goal> Goals { get; } =
    [
        new("complete purchases, applier drained, SQLite / TPC-B", 8, 15, "x", results => results.Ratio("purchases sqlite", TpcB.Title)),
        new("one durable purchase an HTTP request at 128 connections / echo", 0.4, 0.6, "x", results => results.Ratio(HttpLoad.Purchase, HttpLoad.Echo)),
        new("the same, p99", 8, 6, " ms", results => results.Of(HttpLoad.Purchase, measured => measured.P99Milliseconds), IsMost: true),
        new("ready after start, empty", 2, 0.5, " s", results => results.Once(EmptyStart.Figure), IsMost: true),
        new("synchronous standby / single", 0.5, 0.7, "x", results => results.Ratio("appends, synchronous standby", Appends.Alone)),
    ];
}
