using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Peony.Book.Tests.Core;
using Peony.Book.Tests.Stores;
using Peony.Testing;

namespace Peony.Book.Tests.Watch;

/// <summary>What the Book tells whoever listens, and that it costs nothing when nobody does.</summary>
public sealed class BookMeterTests(PostgresCluster cluster)
{
    [Fact]
    public void A_command_allocates_nothing_for_metrics_and_traces_that_nobody_reads()
    {
        using var meter = new BookMeter(new Still());
        var (schema, ring, command) = (Purses.Schema(), new BookRing(), new OpenPurse("lin"));
        var ticket = new Ticket { Kind = TicketKind.Call, Complete = _ => { }, EnteredAt = Stopwatch.GetTimestamp() };
        var done = new Decided("purses.open", null, false, ticket);
        var refused = new Decided("purses.take", "purse.empty", false, ticket);
        Once();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var turn = 0; turn < 1000; turn++)
        {
            Once();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Once()
        {
            Assert.Null(meter.StartCommand(schema, command));
            ring.Waiting(1);
            ring.Decided(done);
            ring.Decided(refused);
            meter.Decided(done, 2);
            meter.Decided(refused, 2);
            meter.Appended(2, 500, TimeSpan.FromMilliseconds(1));
            ring.Appended(2, TimeSpan.FromMilliseconds(1));
            meter.Answered(TimeSpan.FromMilliseconds(1), default);
            ring.Answered(TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public async Task A_served_Book_tells_what_it_did()
    {
        var spoken = new ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Meter.Name == BookMeter.Name)
                {
                    all.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.Start();
        await using var store = Store.Make(Database.Sqlite, cluster);
        var keys = new Secrets(new byte[32]);
        await using var book = new BookHost(Purses.Schema(), keys, store.OpenJournal("main"), store.OpenTables(Purses.Schema()), store.Place.OpenSeal(keys), TimeProvider.System, new BookOptions(),
            () => [new EffectRegistration("purses.note", (told, _, _) => Task.FromResult<ICommand?>(new Noted(((Filled)told).Purse)))], NullLogger<BookHost>.Instance);
        await Assert.ThrowsAsync<BookUnavailableException>(() => book.RunAsync(new OpenPurse("too early")));
        await book.StartAsync(default);
        var purse = (await book.RunAsync(new OpenPurse("lin"))).Value;
        await book.RunAsync(new Fill(purse, 100, "fact"));
        Assert.Equal(Purses.Empty, (await book.RunAsync(new Take(purse, 150, "take"))).Refusal);
        Assert.Equal(Purses.NotFound, (await book.RunAsync(new Fill(new PurseId("prs_nobody"), 100, "nothing"))).Refusal);
        await Assert.ThrowsAsync<CommandFailedException>(() => book.RunAsync(new Throwing(purse, false)));
        await book.QuietAsync(default);
        await book.Reader.FindAsync<Purse>(purse.Value);
        listener.RecordObservableInstruments();

        // Other Books of other tests speak on meters of the same name, and go on: what this one said is a part of what was heard so far.
        var heard = spoken.ToArray();
        Assert.Contains(heard, one => one.Name == "peony.book.unavailable" && "starting".Equals(one.Tags["error.type"]));
        Assert.Contains(heard, one => one.Name == "peony.book.commands" && "purses.take".Equals(one.Tags["peony.command.name"]) && "purse.empty".Equals(one.Tags["error.type"]));
        Assert.Contains(heard, one => one.Name == "peony.book.commands" && "purses.throwing".Equals(one.Tags["peony.command.name"]) && "fault".Equals(one.Tags["peony.command.outcome"]));
        Assert.Contains(heard, one => one.Name == "peony.book.effect.duration" && "purses.note".Equals(one.Tags["peony.effect.name"]));
        Assert.Contains(heard, one => one.Name == "peony.book.misses" && "record".Equals(one.Tags["peony.slot.kind"]));
        foreach (var name in new[] { "append.duration", "apply.duration", "apply.frames", "frame.commands", "frame.size", "command.duration", "command.wait.duration", "load.duration" })
        {
            Assert.Contains(heard, one => one.Name == "peony.book." + name && one.Value > 0);
        }

        var sample = book.CloseSample();
        Assert.Equal((2, 1, 0), (sample.Refused, sample.Faults, sample.Unavailable));
        Assert.Equal(5, sample.Answer.Count);
        Assert.True(sample is { Done: >= 3, Append.Count: >= 3, Apply.Count: >= 1, GroupSize: >= 1, Misses: > 0, Slots: > 0, ProcessBytes: > 0, LagSeconds: > 0 }, sample.ToString());
        Assert.Equal([("purse.empty", 1L), ("purse.not_found", 1L)], book.Refusals);

        void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            spoken.Enqueue((instrument.Name, value, new Dictionary<string, object?>(tags.ToArray())));
        }
    }

    private sealed class Still : IBookGauges
    {
        public int Queue => 0;

        public long LagBytes => 0;

        public long LagFrames => 0;

        public TimeSpan LagAge => default;

        public TimeSpan SealAge => default;

        public int Slots => 0;

        public bool IsReady => true;

        public IReadOnlyDictionary<string, int> EffectsByName => new Dictionary<string, int>();
    }
}
