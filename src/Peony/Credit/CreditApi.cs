using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Edge;
using Peony.Ledger;

namespace Peony.Credit;

/// <param name="TermsDigest">The digest of the terms that were shown, from <c>GET /credit/terms</c>.</param>
internal sealed record OpenCreditLineRequest(CardId Card, string TermsDigest);

/// <param name="Shop">A code of <c>GET /credit/shops</c>.</param>
/// <param name="Periods">Pays in so many instalments; left out: with the next statement.</param>
/// <param name="AgreeToInstalments">Needed at the first use of instalments.</param>
internal sealed record PurchaseRequest(string Shop, Money Amount, string Pin, int? Periods = null, bool AgreeToInstalments = false);

/// <param name="Periods">One of those of <c>GET /credit/instalments/offers</c>.</param>
/// <param name="AgreeToInstalments">Needed at the first use of instalments.</param>
internal sealed record InstalmentsRequest(Money Amount, int Periods, string Pin, bool AgreeToInstalments = false);

internal sealed record RefundRequest(Money Amount, RefundChoice? Choice = null);

/// <param name="Most">The most to be bought on the line in a cycle; null takes the cap away.</param>
/// <param name="Pin">Needed to raise it or take it away.</param>
internal sealed record SpendingCapRequest(Money? Most, string? Pin = null);

internal sealed record CloseLineRequest(string Pin);

/// <param name="Card">The debit card to collect from on due days; null switches it off.</param>
internal sealed record AutoRepaymentRequest(CardId? Card, string Pin, bool MinimumOnly = false);

/// <param name="Quoted">The plan's payoff as it was shown.</param>
internal sealed record PayoffRequest(Money Quoted, string Pin);

/// <param name="Card">The card to collect from, when the source is the card.</param>
internal sealed record RepaymentRequest(RepaymentSource Source, Money Amount, string Pin, CardId? Card = null);

/// <summary>The native API of the credit line.</summary>
internal static class CreditApi
{
    public static void Map(IEndpointRouteBuilder api, CreditTerms terms)
    {
        var credit = api.MapGroup("/credit").WithTags("Credit");

        credit.MapGet("", async (ApiCall call) =>
                await CreditReader.LineAsync(call.Reader, call.Customer, call.Cancel) is { } line ? ApiCall.Json(line) : call.Problem(CreditRefusals.LineNotOpen))
            .Produces<CreditLineView>()
            .WithSummary("Shows the credit line: limit, owed, available, credit balance");

        credit.MapGet("/terms", () => ApiCall.Json(terms)).Produces<CreditTerms>().WithSummary("Shows the terms of today in both languages, with their digest");

        credit.MapPost("/line", (OpenCreditLineRequest request, ApiCall call) =>
                call.RunAsync(new OpenCreditLine(call.Session, request.Card, request.TermsDigest), status: StatusCodes.Status201Created))
            .Produces<CreditLineView>(StatusCodes.Status201Created)
            .WithSummary("Opens the credit line, or refuses with reasons; a dry run answers what the limit would be");

        credit.MapPost("/line/close", (CloseLineRequest request, ApiCall call) => call.RunAsync(new CloseCreditLine(call.Session, Pin(call, request.Pin))))
            .Produces<CreditLineView>()
            .WithSummary("Closes the credit line, when nothing is owed and no credit balance is left");

        credit.MapGet("/history", async (ApiCall call) => ApiCall.List(await CreditReader.HistoryAsync(call.Reader, call.Customer, call.Cancel)))
            .Produces<ListBody<LineStep>>()
            .WithSummary("Lists how the line was opened, changed and closed, each step with its reasons, newest first");

        credit.MapGet("/cap", async (ApiCall call, CreditProducts products) =>
                await CreditReader.CapAsync(call.Reader, products, call.Customer, call.Cancel) is { } cap ? ApiCall.Json(cap) : call.Problem(CreditRefusals.LineNotOpen))
            .Produces<SpendingCapView>()
            .WithSummary("Shows the customer's own spending cap and what is left of it in this cycle");

        credit.MapPut("/cap", (SpendingCapRequest request, ApiCall call) =>
                call.RunAsync(new SetSpendingCap(call.Session, request.Most, request.Pin is { } pin ? Pin(call, pin) : null)))
            .Produces<SpendingCapView>()
            .WithSummary("Sets the spending cap: lowered it holds at once; raised or taken away, with the PIN and from the next cycle on");

        credit.MapGet("/shops", () => ApiCall.List(SandboxShops.All)).Produces<ListBody<SandboxShop>>().WithSummary("Lists the shops of the sandbox");

        credit.MapPost("/purchases", (PurchaseRequest request, ApiCall call) => call.RunAsync(
                new MakePurchase(call.Session, request.Shop, request.Amount, Pin(call, request.Pin), request.Periods, request.AgreeToInstalments), status: StatusCodes.Status201Created))
            .Produces<PurchaseView>(StatusCodes.Status201Created)
            .WithSummary("Buys at a shop of the sandbox: the credit balance pays first, the rest is owed");

        credit.MapGet("/purchases", (ApiCall call, [AsParameters] PageQuery page) =>
                ApiCall.ListAsync(page, part => CreditReader.PurchasesAsync(call.Reader, call.Customer, part, call.Cancel)))
            .Produces<ListBody<PurchaseView>>()
            .WithSummary("Lists purchases, newest first");

        credit.MapGet("/purchases/{id}", async (string id, ApiCall call) =>
                await CreditReader.PurchaseAsync(call.Reader, call.Customer, new PurchaseId(id), call.Cancel) is { } found
                    ? ApiCall.Json(found) : call.Problem(CreditRefusals.NotFound))
            .Produces<PurchaseView>()
            .WithSummary("Shows a purchase");

        credit.MapPost("/purchases/{id}/refunds", (string id, RefundRequest request, ApiCall call) => call.RunAsync(
                new RefundPurchase(call.Session, new PurchaseId(id), request.Amount, request.Choice), status: StatusCodes.Status201Created))
            .Produces<RefundView>(StatusCodes.Status201Created)
            .WithSummary("Lets the sandbox's shop refund a purchase, in part or in whole");

        credit.MapGet("/purchases/{id}/refunds/preview", async (string id, Money amount, ApiCall call, BillingReader billing) =>
                await billing.RefundPreviewsAsync(call.Customer, new PurchaseId(id), amount, call.Cancel) is { } previews ? ApiCall.List(previews) : call.Problem(CreditRefusals.NotFound))
            .Produces<ListBody<RefundPreview>>()
            .WithSummary("Shows what a refund (\"120.00 CNY\") of a purchase in instalments would do, by each choice there is");

        credit.MapGet("/bill", async (ApiCall call, BillingReader billing) =>
                await billing.BillAsync(call.Customer, call.Cancel) is { } bill ? ApiCall.Json(bill) : call.Problem(CreditRefusals.LineNotOpen))
            .Produces<BillView>()
            .WithSummary("Shows the bill of this moment: what to pay, the least of it, by when");

        credit.MapGet("/dues", async (ApiCall call, BillingReader billing) =>
                await billing.DuesAsync(call.Customer, call.Cancel) is { } dues ? ApiCall.List(dues) : call.Problem(CreditRefusals.LineNotOpen))
            .Produces<ListBody<DueView>>()
            .WithSummary("Lists what is due and when, and what each consists of: what is past due, the rest of the bill, instalments to come, and what the next statement asks for so far");

        credit.MapGet("/statements", (ApiCall call, BillingReader billing, [AsParameters] PageQuery page) =>
                ApiCall.ListAsync(page, part => billing.StatementsAsync(call.Customer, part, call.Cancel)))
            .Produces<ListBody<StatementView>>()
            .WithSummary("Lists statements, newest first");

        credit.MapGet("/statements/{id}", async (string id, ApiCall call, BillingReader billing) =>
                await billing.StatementAsync(call.Customer, new StatementId(id), call.Cancel) is { } found ? ApiCall.Json(found) : call.Problem(CreditRefusals.NotFound))
            .Produces<StatementView>()
            .WithSummary("Shows a statement");

        credit.MapGet("/auto-repayment", async (ApiCall call) => ApiCall.Json(await CreditReader.AutoRepaymentAsync(call.Reader, call.Customer, call.Cancel)))
            .Produces<AutoRepaymentView>()
            .WithSummary("Shows automatic repayment");

        credit.MapPut("/auto-repayment", (AutoRepaymentRequest request, ApiCall call) =>
                call.RunAsync(new SetAutoRepayment(call.Session, request.Card, request.MinimumOnly, Pin(call, request.Pin))))
            .Produces<AutoRepaymentView>()
            .WithSummary("Switches automatic repayment from a debit card on or off");

        credit.MapGet("/instalments/offers", async (Money amount, string? shop, ApiCall call, BillingReader billing) =>
                await billing.OffersAsync(call.Customer, amount, shop, call.Cancel) is { } offers ? ApiCall.List(offers) : call.Problem(CreditRefusals.LineNotOpen))
            .Produces<ListBody<InstalmentOffer>>()
            .WithSummary("Shows what an amount (\"1200.00 CNY\") would cost in instalments, bought at a shop or of the statement, with the annualised rate");

        credit.MapGet("/instalments", async (ApiCall call, BillingReader billing) =>
                await billing.PlansAsync(call.Customer, call.Cancel) is { } plans ? ApiCall.List(plans) : call.Problem(CreditRefusals.LineNotOpen))
            .Produces<ListBody<PlanView>>()
            .WithSummary("Lists instalment plans with parts still to be billed, and what paying each off costs");

        credit.MapPost("/instalments", (InstalmentsRequest request, ApiCall call) => call.RunAsync(
                new TurnIntoInstalments(call.Session, request.Amount, request.Periods, request.AgreeToInstalments, Pin(call, request.Pin)), status: StatusCodes.Status201Created))
            .Produces<PlanView>(StatusCodes.Status201Created)
            .WithSummary("Turns purchases of the last statement into instalments");

        credit.MapPost("/instalments/{id}/payoff", (string id, PayoffRequest request, ApiCall call) => call.RunAsync(
                new PayOffPlan(call.Session, id, request.Quoted, Pin(call, request.Pin)), status: StatusCodes.Status201Created))
            .Produces<RepaymentView>(StatusCodes.Status201Created)
            .WithSummary("Pays off what no statement has billed yet of a plan, from the wallet");

        credit.MapPost("/repayments", RepayAsync)
            .Produces<RepaymentView>(StatusCodes.Status201Created)
            .WithSummary("Repays from the wallet at once or from a debit card through the bank; what is more than owed becomes credit balance");

        credit.MapGet("/repayments", (ApiCall call, [AsParameters] PageQuery page) =>
                ApiCall.ListAsync(page, part => CreditReader.RepaymentsAsync(call.Reader, call.Customer, part, call.Cancel)))
            .Produces<ListBody<RepaymentView>>()
            .WithSummary("Lists repayments, newest first");

        credit.MapGet("/repayments/{id}", async (string id, ApiCall call) =>
                await CreditReader.RepaymentAsync(call.Reader, call.Customer, new RepaymentId(id), call.Cancel) is { } found
                    ? ApiCall.Json(found) : call.Problem(CreditRefusals.NotFound))
            .Produces<RepaymentView>()
            .WithSummary("Shows a repayment");
    }

    private static Task<IResult> RepayAsync(RepaymentRequest request, ApiCall call)
    {
        ICommand<RepaymentView> command = (request.Source, request.Card) switch
        {
            (RepaymentSource.Wallet, null) => new RepayFromWallet(call.Session, request.Amount, Pin(call, request.Pin)),
            (RepaymentSource.Card, { } card) => new RepayFromCard(call.Session, card, request.Amount, Pin(call, request.Pin)),
            _ => throw new InvalidRequestException("card", "it is needed for the source card, and for that only.", "仅当来源为银行卡时填写，且必须填写。"),
        };
        return call.RunAsync(command, status: StatusCodes.Status201Created);
    }

    private static PinProof Pin(ApiCall call, string pin) => PersonalHashes.Pin(call.Secrets, call.Customer, pin);
}
