using Peony.Ledger;

namespace Peony.Book.Tests.Core;

/// <summary>A tiny capability to try the Book with: purses that are filled, emptied, watched and told about.</summary>
internal static class Purses
{
    public static BookSchema Schema()
    {
        var schema = new BookSchema();
        schema.Record<Purse>("purses").Index("owner", purse => purse.Owner).Unique("label", purse => purse.Label);
        schema.Command<OpenPurse>("purses.open");
        schema.Command<OpenDrawn>("purses.open_drawn");
        schema.Command<Limit>("purses.limit");
        schema.Command<CloseInBulk>("purses.close_in_bulk");
        schema.Command<Fill>("purses.fill");
        schema.Command<Take>("purses.take");
        schema.Command<FillEach>("purses.fill_each");
        schema.Command<CloseLater>("purses.close_later");
        schema.Command<Close>("purses.close");
        schema.Command<Throwing>("purses.throwing");
        schema.Command<Endless>("purses.endless");
        schema.Command<EndlessLater>("purses.endless_later");
        schema.Command<Noted>("purses.noted");
        schema.Event<Filled>("purses.filled");
        schema.EffectOn<Filled>("purses.note");
        schema.SystemAccount(new AccountDefinition(World, NormalSide.Debit, Currency.Cny, null, null));
        return schema;
    }

    public static readonly LedgerAccountId World = new("world");
    public static readonly Refusal Empty = new("purse.empty", RefusalKind.Declined);
    public static readonly Refusal NotFound = new("purse.not_found", RefusalKind.NotFound);

    public static LedgerAccountId AccountOf(PurseId id) => new($"purse/{id.Value}");
}

public readonly record struct PurseId(string Value) : IId<PurseId>
{
    public static string Prefix => "prs";
    public static PurseId Of(string value) => new(value);
}

internal sealed record Purse(PurseId Id, string Owner, string? Label, int Fills, int Refusals = 0, bool IsClosed = false, int Notes = 0) : IRecord
{
    public string Key => Id.Value;
}

internal sealed record Filled(PurseId Purse) : IEvent
{
    public string Lane => Purse.Value;
}

/// <summary>Opens a purse under a label drawn by chance that no other has.</summary>
internal sealed record OpenDrawn(string Owner) : ICommand<string>
{
    public Result<string> Handle(IWork work)
    {
        var label = Convert.ToHexString(work.Nonce(8));
        return work.FindOne<Purse>("label", label) is null && !new OpenPurse(Owner, label).Handle(work).IsRefused(out _, out _) ? label : Purses.NotFound;
    }
}

internal sealed record OpenPurse(string Owner, string? Label = null) : ICommand<PurseId>
{
    public Result<PurseId> Handle(IWork work)
    {
        var id = work.NewId<PurseId>();
        work.OpenAccount(new AccountDefinition(Purses.AccountOf(id), NormalSide.Credit, Currency.Cny, 0, null));
        work.Save(new Purse(id, Owner, Label, 0));
        return id;
    }
}

/// <summary>Sets the most a purse may hold.</summary>
internal sealed record Limit(PurseId Id, long? Ceiling) : ICommand<AccountState>
{
    public Result<AccountState> Handle(IWork work)
    {
        work.SetLimits(Purses.AccountOf(Id), floor: 0, Ceiling);
        return work.Account(Purses.AccountOf(Id));
    }
}

internal sealed record Fill(PurseId Id, long Minor, string Fact) : ICommand<long>
{
    public Result<long> Handle(IWork work)
    {
        if (work.Find<Purse>(Id.Value) is not { IsClosed: false } purse)
        {
            return Purses.NotFound;
        }

        work.Post(new Entry(new EntryKey($"fill/{Fact}"), "purse.filled", PostingLine.Post(Purses.World, Purses.AccountOf(Id), Money.Cny(Minor))));
        work.Save(purse with { Fills = purse.Fills + 1 });
        work.Tell(new Filled(Id));
        return work.Account(Purses.AccountOf(Id)).Balance;
    }
}

internal sealed record Take(PurseId Id, long Minor, string Fact) : ICommand<long>
{
    public Result<long> Handle(IWork work)
    {
        var purse = work.Get<Purse>(Id.Value);
        work.KeepOnRefusal(purse with { Refusals = purse.Refusals + 1 });
        work.Save(purse with { Label = "taken from " + Id.Value });
        if (work.PostOrRefuse(new Entry(new EntryKey($"take/{Fact}"), "purse.taken", PostingLine.Post(Purses.AccountOf(Id), Purses.World, Money.Cny(Minor))), Purses.Empty)
            .IsRefused(out var refusal, out _))
        {
            return refusal;
        }

        return work.Account(Purses.AccountOf(Id)).Balance;
    }
}

/// <summary>Moves money between many purses and the world at once, each transfer by itself.</summary>
internal sealed record FillEach(IReadOnlyList<Transfer> Transfers, string Fact) : ICommand<PostingOutcome[]>
{
    public Result<PostingOutcome[]> Handle(IWork work) => work.PostEach(new EntryKey($"each/{Fact}"), "purses.filled_each", Transfers).Outcomes.ToArray();
}

/// <summary>A defect: it asks for another value each time it runs.</summary>
internal sealed record Endless : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        work.FindOne<Purse>("label", work.NewId<PurseId>().Value.ToUpperInvariant());
        return default(Done);
    }
}

internal sealed record EndlessLater : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        work.SetTimer("endless", work.Now.AddSeconds(1), new Endless());
        return default(Done);
    }
}

/// <summary>Closes purses by bulk timers, some now and some in an hour.</summary>
internal sealed record CloseInBulk(IReadOnlyList<PurseId> Now, IReadOnlyList<PurseId> Later) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        foreach (var (ids, due) in new[] { (Now, work.Now), (Later, work.Now.AddHours(1)) })
        {
            foreach (var id in ids)
            {
                work.SetTimer($"close/{id.Value}", due, new Close(id), TimerClass.Bulk);
            }
        }

        return default(Done);
    }
}

internal sealed record CloseLater(PurseId Id, int Seconds) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        work.SetTimer($"close/{Id.Value}", work.Now.AddSeconds(Seconds), new Close(Id));
        return default(Done);
    }
}

internal sealed record Close(PurseId Id) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        work.Save(work.Get<Purse>(Id.Value) with { IsClosed = true });
        return default(Done);
    }
}

internal sealed record Noted(PurseId Id) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        var purse = work.Get<Purse>(Id.Value);
        work.Save(purse with { Notes = purse.Notes + 1 });
        return default(Done);
    }
}

internal sealed record Throwing(PurseId Id, bool Later) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (Later)
        {
            work.SetTimer("throwing", work.Now.AddSeconds(1), new Throwing(Id, false));
            return default(Done);
        }

        work.Save(work.Get<Purse>(Id.Value) with { Fills = 99 });
        throw new InvalidOperationException("planned");
    }
}
