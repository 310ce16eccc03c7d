using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Peony.Book;

namespace Peony.Bench;

/// <summary>
/// The product's journal on PostgreSQL alone, one frame of 128 KiB after another as its one writer appends them: with the standby, every append waits until it is on two disks.
/// </summary>
internal sealed class Appends(BenchStage stage, bool withStandby) : IMeasurement, IAsyncDisposable
{
    public const string Alone = "appends, one server";

    private const int FrameBytes = 128 * 1024;
    private PostgresPair _pair = null!;
    private PostgresJournal? _journal;
    private long _epoch;
    private long _sequence;

    public string Name => withStandby ? "appends, synchronous standby" : Alone;

    public Comparison Comparison => Comparison.Standby;

    public async Task PrepareAsync(int seconds, CancellationToken cancel)
    {
        _pair = await stage.PairAsync(cancel);
        if (_journal is null)
        {
            var database = await _pair.Primary.CreateDatabaseAsync(withStandby ? "appends_standby" : "appends", cancel);
            _journal = new PostgresJournal(_pair.Primary.Connection(database), "peony", "bench");
            stage.Own(this);
            _epoch = await _journal.TakeAsync(static () => { }, cancel);
        }

        await _pair.SwitchAsync(withStandby, cancel);
    }

    public async Task<Measured> RunAsync(int seconds, CancellationToken cancel)
    {
        var (payload, hash) = (RandomNumberGenerator.GetBytes(FrameBytes), RandomNumberGenerator.GetBytes(32));
        var latencies = new List<float>();
        var cpu = new CpuMeter().And("own", static () => Environment.CpuUsage.TotalTime).And("PostgreSQL", _pair.ProcessorTime);
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds && !cancel.IsCancellationRequested)
        {
            var asked = Stopwatch.GetTimestamp();
            await _journal!.AppendAsync(new StoredFrame(++_sequence, _epoch, payload, hash), cancel);
            latencies.Add((float)Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }

        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        latencies.Sort();
        var (median, p99) = Latencies.Of(latencies);
        return new Measured(latencies.Count, took, latencies.Count / took, median, p99, cpu.PerOperation(latencies.Count));
    }

    public async Task<string?> CheckAsync(CancellationToken cancel)
    {
        var head = await _journal!.HeadAsync(cancel);
        return head?.Sequence == _sequence ? null : string.Create(CultureInfo.InvariantCulture, $"{Name}: {_sequence} appends were answered, the journal ends at {head?.Sequence}");
    }

    public async ValueTask DisposeAsync() => await _journal!.DisposeAsync();
}
