using Peony.Ledger;

namespace Peony.Book.Tests.Core;

public sealed class CoreTests
{
    private static CallKey Key(string key, byte print = 1) => new("tester", key, [.. Enumerable.Repeat(print, 16)]);

    [Fact]
    public void A_command_is_answered_after_its_frame_and_the_tables_show_it()
    {
        var book = new SteppedBook(Purses.Schema());
        var id = book.Run(new OpenPurse("lin")).Value;
        Assert.Equal(500, book.Run(new Fill(id, 500, "a")).Value);
        var account = book.Reader.AccountAsync(Purses.AccountOf(id)).Result!;
        Assert.Equal(500, account.State.Balance);
        Assert.Equal(-500 + 1000, book.Reader.AccountAsync(Purses.World).Result!.State.Balance);
    }

    [Fact]
    public void After_a_restart_what_is_missing_is_loaded_and_the_command_runs_again()
    {
        var book = new SteppedBook(Purses.Schema());
        var id = book.Run(new OpenPurse("lin")).Value;
        book.Run(new Fill(id, 500, "a"));
        book.Restart();
        Assert.Equal(700, book.Run(new Fill(id, 200, "b")).Value);
        book.Restart();
        Assert.Throws<CommandFailedException>(() => book.Run(new Fill(id, 200, "b")));
    }

    [Fact]
    public void What_a_command_draws_by_chance_stays_drawn_when_it_runs_again()
    {
        var book = new SteppedBook(Purses.Schema());
        var (one, other) = (book.Run(new OpenDrawn("lin")).Value, book.Run(new OpenDrawn("lin")).Value);
        Assert.NotEqual(one, other);
        book.Restart();
        Assert.DoesNotContain(book.Run(new OpenDrawn("lin")).Value, (string[])[one, other]);
        Assert.Equal(3, book.Reader.ListAsync<Purse>("owner", "lin").Result.Count);
    }

    [Fact]
    public void A_key_replays_its_answer_also_after_a_restart_and_conflicts_with_another_body()
    {
        var book = new SteppedBook(Purses.Schema());
        var id = book.Run(new OpenPurse("lin")).Value;
        var first = book.Run(new Fill(id, 500, "a"), Key("k1"));
        Assert.Equal(first.Value, book.Run(new Fill(id, 500, "a"), Key("k1")).Value);
        book.Restart();
        Assert.Equal(first.Value, book.Run(new Fill(id, 500, "a"), Key("k1")).Value);
        Assert.Equal("idempotency.key_reused", book.Run(new Fill(id, 600, "c"), Key("k1", 2)).Refusal!.Code);
        Assert.Equal(500, book.Reader.AccountAsync(Purses.AccountOf(id)).Result!.State.Balance);
    }

    [Fact]
    public void A_refusal_undoes_all_but_what_it_keeps_and_is_replayed()
    {
        var book = new SteppedBook(Purses.Schema());
        var id = book.Run(new OpenPurse("lin")).Value;
        Assert.Equal("purse.empty", book.Run(new Take(id, 1, "t"), Key("k")).Refusal!.Code);
        Assert.Equal("purse.empty", book.Run(new Take(id, 1, "t"), Key("k")).Refusal!.Code);
        var purse = book.Reader.FindAsync<Purse>(id.Value).Result!;
        Assert.Equal(1, purse.Refusals);
        Assert.Null(purse.Label);
    }

    [Fact]
    public void Of_many_transfers_each_is_applied_or_refused_by_itself()
    {
        var book = new SteppedBook(Purses.Schema());
        var (one, other) = (book.Run(new OpenPurse("lin")).Value, book.Run(new OpenPurse("chen")).Value);
        book.Restart();
        Transfer[] transfers =
        [
            new(Purses.World, Purses.AccountOf(one), Money.Cny(500)),
            new(Purses.AccountOf(one), Purses.AccountOf(other), Money.Cny(501)),
            new(Purses.AccountOf(one), Purses.AccountOf(other), Money.Cny(200)),
            new(Purses.AccountOf(one), new LedgerAccountId("purse/none"), Money.Cny(1)),
            new(Purses.AccountOf(one), Purses.AccountOf(one), Money.Cny(1)),
            new(Purses.World, Purses.AccountOf(one), new Money(1, Currency.Usd)),
            new(Purses.World, Purses.AccountOf(one), Money.Cny(0)),
        ];
        PostingOutcome[] expected =
        [
            PostingOutcome.Applied, PostingOutcome.BelowFloor, PostingOutcome.Applied, PostingOutcome.AccountNotOpen, PostingOutcome.SameAccount, PostingOutcome.CurrenciesDiffer,
            PostingOutcome.AmountNotPositive,
        ];
        Assert.Equal(expected, book.Run(new FillEach(transfers, "a"), Key("k")).Value);
        Assert.Equal(expected, book.Run(new FillEach(transfers, "a"), Key("k")).Value);
        Assert.Equal((300, 200), (book.Reader.AccountAsync(Purses.AccountOf(one)).Result!.State.Balance, book.Reader.AccountAsync(Purses.AccountOf(other)).Result!.State.Balance));
        var entry = book.Reader.EntryAsync(new EntryKey("each/a")).Result;
        Assert.Equal([500, 200], entry.Select(row => row.Posting.Amount));
        Assert.Equal([200, 500], book.Reader.StatementAsync(Purses.AccountOf(one)).Result.Select(row => row.Posting.Amount));
        Assert.Throws<CommandFailedException>(() => book.Run(new FillEach(transfers, "a")));
        Assert.Throws<CommandFailedException>(() => book.Run(new FillEach([], "b")));
        Assert.Throws<CommandFailedException>(() => book.Run(new FillEach([.. Enumerable.Repeat(transfers[0], IWork.TransfersMost + 1)], "c")));
    }

    [Fact]
    public void Where_no_transfer_can_be_applied_there_is_no_entry()
    {
        var book = new SteppedBook(Purses.Schema());
        var id = book.Run(new OpenPurse("lin")).Value;
        Assert.Equal([PostingOutcome.BelowFloor], book.Run(new FillEach([new(Purses.AccountOf(id), Purses.World, Money.Cny(1))], "a")).Value);
        Assert.Empty(book.Reader.EntryAsync(new EntryKey("each/a")).Result);
        Assert.Equal([PostingOutcome.Applied], book.Run(new FillEach([new(Purses.World, Purses.AccountOf(id), Money.Cny(1))], "a")).Value);
    }

    /// <summary>The Book's way of posting many, forgetting and loading in between, against the ledger's own.</summary>
    [Fact]
    public void Many_transfers_at_once_come_to_what_the_ledger_alone_makes_of_them()
    {
        var book = new SteppedBook(Purses.Schema());
        var accounts = new AccountState[9];
        var names = new LedgerAccountId[accounts.Length];
        (names[1], accounts[1]) = (Purses.World, new AccountState { Number = 1, Side = NormalSide.Debit, Floor = AccountState.NoFloor, Ceiling = AccountState.NoCeiling });
        for (var number = 2; number < accounts.Length; number++)
        {
            names[number] = Purses.AccountOf(book.Run(new OpenPurse("o")).Value);
            accounts[number] = new AccountState { Number = number, Side = NormalSide.Credit, Floor = 0, Ceiling = AccountState.NoCeiling };
        }

        var random = new Random(20261123);
        var model = new PostingBatch(accounts, [], 0);
        for (var round = 0; round < 60; round++)
        {
            var postings = new Posting[random.Next(1, 400)];
            foreach (ref var posting in postings.AsSpan())
            {
                posting = new Posting { Kind = PostingKind.Post, Debit = random.Next(1, 9), Credit = random.Next(1, 9), Amount = random.Next(0, 1000) };
            }

            var asked = postings.Select(posting => new Transfer(names[posting.Debit], names[posting.Credit], Money.Cny(posting.Amount))).ToList();
            var expected = new PostingOutcome[postings.Length];
            model.Apply(postings, [.. Enumerable.Repeat(1, postings.Length)], expected, 0);
            Assert.Equal(expected, book.Run(new FillEach(asked, $"{round}")).Value);
            if (round % 7 == 0)
            {
                book.Restart();
            }
        }

        Assert.Equal(accounts.Skip(1).Select(account => account.Balance), names.Skip(1).Select(name => book.Reader.AccountAsync(name).Result!.State.Balance));
    }

    [Fact]
    public void What_many_timers_miss_is_loaded_together()
    {
        var book = new SteppedBook(Purses.Schema());
        var ids = Enumerable.Range(0, 300).Select(_ => book.Run(new OpenPurse("lin")).Value).ToList();
        ids.ForEach(id => book.Run(new CloseLater(id, 60)));
        book.Restart();
        var before = book.Loads;
        book.Advance(TimeSpan.FromMinutes(2));
        Assert.All(ids, id => Assert.True(book.Reader.FindAsync<Purse>(id.Value).Result!.IsClosed));
        Assert.InRange(book.Loads - before, 1, 5);
    }

    [Fact]
    public void While_something_loads_that_everything_waits_for_no_step_is_asked_for()
    {
        var core = new BookCore(Purses.Schema(), new Secrets(new byte[32]), new SeededRandomness(1), new CoreLimits());
        core.Start(FrameHeader.Genesis("test"), new byte[32], 1);
        core.Submit(new Ticket { Kind = TicketKind.Call, Command = new OpenPurse("lin"), Complete = _ => { } });
        var output = new StepOutput();
        core.Step(1_000_000, output);
        Assert.NotNull(output.Load);
        Assert.False(output.HasMore);
        output = new StepOutput();
        core.Step(1_000_000, output);
        Assert.Null(output.Load);
        Assert.False(output.HasMore);
    }

    [Fact]
    public void Memory_that_is_full_forgets_a_part_and_the_oldest_first_however_long_the_Book_has_served()
    {
        var book = new SteppedBook(Purses.Schema(), limits: new CoreLimits { MemoryMost = 1000 });
        for (var idle = 0; idle < 100_000; idle++)
        {
            book.Settle();
        }

        var ids = new List<PurseId>();
        var least = int.MaxValue;
        for (var number = 0; number < 2000; number++)
        {
            ids.Add(book.Run(new OpenPurse("o" + number)).Value);
            book.Run(new Fill(ids[^1], 1, $"{number}"));
            least = number < 500 ? least : Math.Min(least, book.Core.Memory.Count);
        }

        Assert.InRange(least, 600, 1000);
        var before = book.Loads;
        book.Run(new Fill(ids[^20], 1, "again"));
        Assert.InRange(book.Loads - before, 0, 1);
    }

    [Fact]
    public void A_value_that_gets_new_members_all_the_time_is_not_remembered_with_all_of_them()
    {
        var book = new SteppedBook(Purses.Schema(), limits: new CoreLimits { MemoryMost = 1000 });
        var ids = Enumerable.Range(0, 3000).Select(_ => book.Run(new OpenPurse("lin")).Value.Value).ToList();
        var (_, slot) = Assert.Single(book.Core.Memory.Indexes, pair => pair.Key.Value == "lin");
        Assert.InRange(slot.Ids.Count, 1, 1500);
        Assert.Equal(ids.Order(StringComparer.Ordinal), book.Reader.ListAsync<Purse>("owner", "lin", new Page(5000)).Result.Select(purse => purse.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_asks_for_something_else_each_time_it_runs_is_a_defect_and_stops_nobody()
    {
        var book = new SteppedBook(Purses.Schema());
        Assert.Throws<CommandFailedException>(() => book.Run(new Endless()));
        book.Run(new EndlessLater());
        book.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, book.Tables.ParkedCount);
        book.Run(new OpenPurse("lin"));
    }

    [Fact]
    public void A_defect_is_undone_alone()
    {
        var book = new SteppedBook(Purses.Schema());
        var id = book.Run(new OpenPurse("lin")).Value;
        Assert.Throws<CommandFailedException>(() => book.Run(new Throwing(id, Later: false)));
        Assert.Equal(0, book.Reader.FindAsync<Purse>(id.Value).Result!.Fills);
        Assert.Equal(5, book.Run(new Fill(id, 5, "x")).Value);
    }

    [Fact]
    public void A_timer_that_throws_three_times_is_parked()
    {
        var book = new SteppedBook(Purses.Schema());
        var id = book.Run(new OpenPurse("lin")).Value;
        book.Run(new Throwing(id, Later: true));
        book.Advance(TimeSpan.FromSeconds(2));
        book.Run(new OpenPurse("a"));
        book.Run(new OpenPurse("b"));
        book.Run(new OpenPurse("c"));
        Assert.Equal(1, book.Tables.ParkedCount);
        Assert.Null(book.Tables.NextTimerAsync(default).Result);
    }

    [Fact]
    public void A_timer_runs_before_the_commands_of_its_group_also_after_a_restart()
    {
        var book = new SteppedBook(Purses.Schema());
        var id = book.Run(new OpenPurse("lin")).Value;
        book.Run(new CloseLater(id, 60));
        book.Restart();
        book.Advance(TimeSpan.FromSeconds(59));
        Assert.True(book.Run(new Fill(id, 5, "x")).IsDone);
        book.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("purse.not_found", book.Run(new Fill(id, 5, "y")).Refusal!.Code);
    }

    [Fact]
    public void An_effect_is_outstanding_until_its_outcome_is_in()
    {
        var book = new SteppedBook(Purses.Schema());
        var id = book.Run(new OpenPurse("lin")).Value;
        book.Run(new Fill(id, 5, "x"));
        var effect = Assert.Single(book.Outstanding);
        Assert.Equal("purses.note", effect.Effect);
        book.Finish(effect, new Noted(id));
        Assert.Empty(book.Outstanding);
        Assert.Equal(1, book.Reader.FindAsync<Purse>(id.Value).Result!.Notes);
    }

    [Fact]
    public void A_unique_index_is_kept_by_the_writer()
    {
        var book = new SteppedBook(Purses.Schema());
        book.Run(new OpenPurse("lin", "red"));
        book.Restart();
        var thrown = Assert.Throws<CommandFailedException>(() => book.Run(new OpenPurse("lin", "red")));
        Assert.IsType<UniqueIndexException>(thrown.InnerException);
        Assert.True(book.Run(new OpenPurse("lin", "blue")).IsDone);
    }

    [Fact]
    public void A_dry_run_shows_the_postings_and_keeps_nothing()
    {
        var book = new SteppedBook(Purses.Schema());
        var id = book.Run(new OpenPurse("lin")).Value;
        var dry = book.DryRun(new Fill(id, 500, "a"));
        Assert.Equal(500, dry.Result.Value);
        Assert.Equal(Money.Cny(500), Assert.Single(dry.Postings).Amount);
        Assert.Equal(0, book.Reader.AccountAsync(Purses.AccountOf(id)).Result!.State.Balance);
    }

    [Fact]
    public void Ids_are_in_order_of_time_and_well_formed()
    {
        var book = new SteppedBook(Purses.Schema());
        var ids = Enumerable.Range(0, 50).Select(_ => { book.Advance(TimeSpan.FromSeconds(1)); return book.Run(new OpenPurse("lin")).Value.Value; }).ToList();
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.All(ids, id => Assert.True(Ids.IsWellFormed<PurseId>(id)));
    }
}
