using System.Globalization;
using Peony.Server.Verbs;

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
        new GatewayLoad(stage),
        new CloseDay(stage, "sqlite"),
        new CloseDay(stage, "postgresql"),
    ];

    /// <summary>What is wanted; of growth, between the sizes this plan grows through.</summary>
    public static IReadOnlyList<Goal> Goals(BenchPlan plan)
    {
        var (small, large) = (Growth.Sizes(plan)[0], Growth.Sizes(plan)[^1]);
        return
        [
            new("durable batch transfers, SQLite / TPC-B", 100, 350, "x", results => results.Ratio(Transfers.NameOf("sqlite"), TpcB.Title)),
            new("durable batch transfers, PostgreSQL / TPC-B", 50, 150, "x", results => results.Ratio(Transfers.NameOf("postgresql"), TpcB.Title)),
            new("complete purchases, applier drained, SQLite / TPC-B", 8, 15, "x", results => results.Ratio("purchases sqlite", TpcB.Title)),
            new("one durable purchase an HTTP request at 128 connections / echo", 0.4, 0.6, "x", results => results.Ratio(HttpLoad.Purchase, HttpLoad.Echo)),
            new("the same, p99", 8, 6, " ms", results => results.Of(HttpLoad.Purchase, measured => measured.P99Milliseconds), IsMost: true),
            new("90 % on one account / uniform", 0.95, 1.0, "x", results => results.Ratio("batch transfers sqlite, 90 % on one wallet", Transfers.NameOf("sqlite"))),
            new(string.Create(CultureInfo.InvariantCulture, $"CPU per transfer at {large:N0} / {small:N0} entries"), 1.3, 1.1, "x", results =>
                results.Once(Growth.At(Growth.Cpu, large)) is { } grown && results.Once(Growth.At(Growth.Cpu, small)) is { } young ? Spread.Of([grown.Median / young.Median]) : null, IsMost: true),
            new(string.Create(CultureInfo.InvariantCulture, $"statement page of 50 at {large:N0} entries, p99"), 2, 1, " ms", results => results.Once(Growth.At(Growth.Page, large)), IsMost: true),
            new(string.Create(CultureInfo.InvariantCulture, $"bytes on disk a transfer, all files, {large:N0} entries"), 400, 300, " B", results => results.Once(Growth.At(Growth.Bytes, large)), IsMost: true),
            new(string.Create(CultureInfo.InvariantCulture, $"ready after start, with {large:N0} entries"), 2, 0.5, " s", results => results.Once(Growth.At(Growth.Start, large)), IsMost: true),
            new("ready after start, empty", 2, 0.5, " s", results => results.Once(EmptyStart.Figure), IsMost: true),
            new("synchronous standby / single", 0.5, 0.7, "x", results => results.Ratio("appends, synchronous standby", Appends.Alone)),
        ];
    }
}
