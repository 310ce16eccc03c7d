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
