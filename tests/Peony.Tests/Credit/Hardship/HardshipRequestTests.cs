using Peony.Book;
using Peony.Credit;
using Peony.Customers;
using Peony.Operators;

namespace Peony.Tests.Credit.Hardship;

/// <summary>Every act on every state of a request, and what relief a line may be given.</summary>
public sealed class HardshipRequestTests
{
    private static readonly DateTimeOffset Now = new(2026, 4, 12, 2, 0, 0, TimeSpan.Zero);
    private static readonly CreditProduct Product = CreditProduct.Shipped();
    private static readonly PreparedRelief Grant = new(new HardshipRelief(HardshipKind.Extension, 7), "as asked", new OperatorId("op_1"), Now);

    public static TheoryData<string, string, string> Acts => new()
    {
        { "waiting", "prepare", "prepared" }, { "waiting", "approve", "hardship.not_prepared" }, { "waiting", "reject", "hardship.not_prepared" }, { "waiting", "withdraw", "Withdrawn" }, { "waiting", "run out", "NotDecided" },
        { "prepared", "prepare", "hardship.prepared" }, { "prepared", "approve", "Granted" }, { "prepared", "reject", "waiting" }, { "prepared", "withdraw", "Withdrawn" }, { "prepared", "run out", "NotDecided" },
        { "declining", "approve", "Declined" }, { "declining", "reject", "waiting" },
        { "Granted", "prepare", "hardship.ended" }, { "Granted", "approve", "hardship.ended" }, { "Granted", "reject", "hardship.ended" }, { "Granted", "withdraw", "hardship.ended" }, { "Granted", "run out", "Granted" },
        { "Declined", "prepare", "hardship.ended" }, { "Declined", "approve", "hardship.ended" }, { "Declined", "reject", "hardship.ended" }, { "Declined", "withdraw", "hardship.ended" }, { "Declined", "run out", "Declined" },
        { "Withdrawn", "prepare", "hardship.ended" }, { "Withdrawn", "approve", "hardship.ended" }, { "Withdrawn", "reject", "hardship.ended" }, { "Withdrawn", "withdraw", "Withdrawn" }, { "Withdrawn", "run out", "Withdrawn" },
        { "NotDecided", "prepare", "hardship.ended" }, { "NotDecided", "approve", "hardship.ended" }, { "NotDecided", "reject", "hardship.ended" }, { "NotDecided", "withdraw", "hardship.ended" }, { "NotDecided", "run out", "NotDecided" },
    };

    [Theory]
    [MemberData(nameof(Acts))]
    public void An_act_leads_on_or_is_refused(string from, string act, string to)
    {
        var request = In(from);
        var result = act switch
        {
            "prepare" => request.Prepare(Grant),
            "approve" => request.Approve(new OperatorId("op_2"), Now),
            "reject" => request.Reject(new OperatorId("op_2"), "no", Now),
            "withdraw" => request.Withdraw(Now),
            _ => request.RunOut(Now),
        };
        Assert.Equal(to, result.IsRefused(out var refusal, out var next) ? refusal.Code : StateOf(next));
        if (act == "reject" && result.IsDone)
        {
            Assert.Equal(("no", from == "declining"), (Assert.Single(next!.Rejected).Words, next.Rejected[0].Prepared.Grant is null));
        }
    }

    /// <summary>A bill of 1,000.00 from a purchase of 5 March, due on 10 April, and what may be asked for on a day.</summary>
    [Theory]
    [InlineData("2026-03-20", "hardship.nothing_due", "hardship.nothing_due")]
    [InlineData("2026-04-02", "2026-04-10 1-14", "1000")]
    [InlineData("2026-04-10", "2026-04-10 1-14", "1000")]
    [InlineData("2026-04-11", "2026-04-10 2-14", "1000")]
    [InlineData("2026-04-20", "2026-04-10 11-14", "1000")]
    [InlineData("2026-04-21", "hardship.too_late", "1000")]
    [InlineData("2026-05-02", "2026-05-10 1-14", "1000")] // the next statement asks for it again
    public void What_may_be_asked_for_follows_from_the_line(string today, string extension, string plan)
    {
        var offer = new HardshipChecks(Product, RunOn(today), []).Offer();
        Assert.Equal(extension, offer.Extension is { } more ? $"{more.DueDay:O} {more.FewestDays}-{more.MostDays}" : offer.NoExtension);
        Assert.Equal(plan, offer.Plan is { } parts ? $"{parts.Principal.Minor / 100}" : offer.NoPlan);
    }

    [Fact]
    public void An_extension_ends_before_the_next_statement_and_only_so_many_are_granted_in_a_year()
    {
        var product = Product with { Hardship = Product.Hardship with { ExtensionDays = 25 } };
        Assert.Equal(20, new HardshipChecks(product, RunOn("2026-04-08"), []).Offer().Extension!.MostDays); // 30 April

        HardshipRequest[] granted = [Granted("2025-04-08"), Granted("2025-04-09"), Granted("2026-01-05")];
        Assert.Equal("hardship.extensions_used", new HardshipChecks(Product, RunOn("2026-04-08"), granted).Offer().NoExtension);
        Assert.NotNull(new HardshipChecks(Product, RunOn("2026-04-09"), granted).Offer().Extension); // a year after the second
    }

    [Fact]
    public void What_a_preview_says_is_what_the_engine_charges()
    {
        // Paid on 24 April instead of 10 April: 1,000.00 x 37 days at the due day and 13 more, 5.00 of late fee, and late interest on 100.00.
        var run = RunOn("2026-04-08");
        var extended = new BillingRun(Product, run.State);
        extended.Extend(new DateOnly(2026, 4, 24));
        var preview = new HardshipForecast(Product, run.State).OfExtension(new HardshipRelief(HardshipKind.Extension, 14), extended.State, new DateOnly(2026, 4, 24));
        Assert.Equal((2520L, 500L, 0L), (preview.SavesInterest.Minor, preview.SavesLateFees.Minor, preview.CostsInterest.Minor));
        Assert.Equal(new HardshipPayment(new DateOnly(2026, 4, 24), Peony.Ledger.Money.Cny(100_000)), Assert.Single(preview.Dues));

        // A cash advance bears interest meanwhile: 200.00 for 14 days.
        var withAdvance = RunOn("2026-04-08", advance: 20_000);
        extended = new BillingRun(Product, withAdvance.State);
        extended.Extend(new DateOnly(2026, 4, 24));
        preview = new HardshipForecast(Product, withAdvance.State).OfExtension(new HardshipRelief(HardshipKind.Extension, 14), extended.State, new DateOnly(2026, 4, 24));
        Assert.Equal(140, preview.CostsInterest.Minor);
    }

    [Fact]
    public void A_plans_preview_has_every_part_on_its_due_day()
    {
        var run = RunOn("2026-04-12");
        var restructured = new BillingRun(Product, run.State);
        restructured.Restructure("hs_1", 3);
        var preview = new HardshipForecast(Product, run.State).OfPlan(new HardshipRelief(HardshipKind.Plan, 3), restructured.State, "hs_1");
        // With the first, the late fee of 5.00 and interest until 11 April: 1,000.00 x 38 days = 19.00, and 0.015 of late interest.
        Assert.Equal(["2026-05-10 35736", "2026-06-10 33333", "2026-07-10 33333"], preview.Dues.Select(due => $"{due.Day:O} {due.Amount.Minor}"));
        Assert.True(preview.SavesInterest.Minor > 2_000, $"{preview.SavesInterest}");
        Assert.Equal(0, preview.CostsInterest.Minor);
    }

    private static BillingRun RunOn(string today, long advance = 0)
    {
        var run = new BillingRun(Product, BillingState.Opened(new DateOnly(2026, 3, 1)));
        run.CloseThrough(DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture).AddDays(-1), day =>
        {
            if (day == new DateOnly(2026, 3, 5))
            {
                run.Purchase("pur_1", fromBalance: 0, 100_000);
                if (advance > 0)
                {
                    run.Advance(advance, fee: 0);
                }
            }
        });
        return run;
    }

    private static HardshipRequest Granted(string countsOn) => In("Granted") with { CountsOn = DateOnly.Parse(countsOn, System.Globalization.CultureInfo.InvariantCulture) };

    private static HardshipRequest In(string state)
    {
        var request = new HardshipRequest(new HardshipId("hs_1"), new CustomerId("cus_1"), Grant.Grant!, "income", new DateOnly(2026, 4, 10), new DateOnly(2026, 4, 8), Now, Now.AddDays(5));
        return state switch
        {
            "waiting" => request,
            "prepared" => request with { Prepared = Grant },
            "declining" => request with { Prepared = Grant with { Grant = null } },
            _ => request with { Prepared = Grant, State = Enum.Parse<HardshipState>(state), EndedAt = Now },
        };
    }

    private static string StateOf(HardshipRequest request) => request.State != HardshipState.Waiting ? request.State.ToString() : request.Prepared is null ? "waiting" : "prepared";
}
