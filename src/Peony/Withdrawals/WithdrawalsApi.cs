using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Customers.SignIn;
using Peony.Edge;
using Peony.Ledger;

namespace Peony.Withdrawals;

/// <param name="Card">A bound debit card, or left out for the wallet balance.</param>
/// <param name="Amount">What is to arrive, or left out to learn only how much can be withdrawn.</param>
internal sealed record QuoteWithdrawalRequest(WithdrawalSource Source, CardId? Card = null, Money? Amount = null);

/// <param name="Card">A bound debit card, or left out for the wallet balance.</param>
/// <param name="Amount">What is to arrive; the fee comes on top.</param>
/// <param name="Passkey">When the quote says <c>needs_passkey</c>: the answer to <c>POST /withdrawals/passkey-options</c> over the same source, card and amount.</param>
/// <param name="Purpose">What a cash advance is for: a code of the quote's <c>purposes</c>. Left out for other money.</param>
/// <param name="Channel">How the code travels: <c>sms</c> (as when left out), or <c>push</c> to another enrolled device.</param>
internal sealed record AskWithdrawalRequest(WithdrawalSource Source, Money Amount, string Pin, CardId? Card = null, PasskeyAnswer? Passkey = null,
    CodeChannel Channel = CodeChannel.Sms, string? Purpose = null)
{
    public override string ToString() => "(withdrawal asked for)";
}

internal sealed record NewCodeRequest(CodeChannel Channel);

/// <param name="Code">Eight digits; spaces do not matter.</param>
internal sealed record RedeemCodeRequest(string Code)
{
    public override string ToString() => "(code)";
}

/// <summary>The native API of withdrawals.</summary>
internal static class WithdrawalsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var withdrawals = api.MapGroup("/withdrawals").WithTags("Withdrawals");

        withdrawals.MapPost("/quote", QuoteAsync)
            .Produces<WithdrawalQuote>().WithMetadata(KeepsNothing.Marker)
            .WithSummary("Shows fee, what arrives and when, how much can be withdrawn now and why not more; keeps nothing");

        withdrawals.MapPost("/passkey-options", AskPasskeyAsync)
            .Produces<PasskeyChallenge>().WithMetadata(KeepsNothing.Marker)
            .WithSummary("Options to confirm a withdrawal's details by passkey; keeps nothing");

        withdrawals.MapPost("", AskAsync)
            .Produces<WithdrawalView>(StatusCodes.Status201Created)
            .WithSummary("Asks for a withdrawal: holds the money and sends a one-time code that works for five minutes, in this session and on this device");

        withdrawals.MapGet("", (ApiCall call, WithdrawalRules rules, [AsParameters] PageQuery page) =>
                ApiCall.ListAsync(page, part => WithdrawalReader.ListAsync(call.Reader, rules, call.Customer, part, call.Cancel)))
            .Produces<ListBody<WithdrawalView>>()
            .WithSummary("Lists withdrawals, newest first");

        withdrawals.MapGet("/{id}", async (string id, ApiCall call, WithdrawalRules rules) =>
                await WithdrawalReader.OneAsync(call.Reader, rules, call.Customer, new WithdrawalId(id), call.Cancel) is { } withdrawal
                    ? ApiCall.Json(withdrawal) : call.Problem(WithdrawalRefusals.NotFound))
            .Produces<WithdrawalView>()
            .WithSummary("Shows a withdrawal and every moment of its life, never its code");

        withdrawals.MapPost("/{id}/code", (string id, NewCodeRequest request, ApiCall call) => call.RunAsync(new ResendCode(call.Session, new WithdrawalId(id), request.Channel)))
            .Produces<WithdrawalView>()
            .WithSummary("Sends a new code, by the same or the other channel; the old one is dead");

        withdrawals.MapPost("/{id}/redeem", (string id, RedeemCodeRequest request, ApiCall call) =>
                call.RunAsync(new RedeemCode(call.Session, new WithdrawalId(id), WithdrawalText.Code(request.Code, "code"))))
            .Produces<WithdrawalView>()
            .WithSummary("Redeems the code: the bank is told to pay, or the wallet balance has the money");

        withdrawals.MapPost("/{id}/cancel", (string id, ApiCall call) => call.RunAsync(new CancelWithdrawal(call.Session, new WithdrawalId(id))))
            .Produces<WithdrawalView>()
            .WithSummary("Takes a withdrawal back before the bank was told; the money is free again");
    }

    private static async Task<IResult> QuoteAsync(QuoteWithdrawalRequest request, ApiCall call, IBook book) =>
        call.Answer(await book.RunAsync(new QuoteWithdrawal(call.Session, request.Source, request.Card, request.Amount), cancel: call.Cancel));

    private static async Task<IResult> AskPasskeyAsync(QuoteWithdrawalRequest request, ApiCall call, IBook book, StepUp stepUp)
    {
        var asked = await book.RunAsync(new QuoteWithdrawal(call.Session, request.Source, request.Card, request.Amount), cancel: call.Cancel);
        if (asked.IsRefused(out var refusal, out var quote))
        {
            return call.Problem(refusal);
        }

        if (quote.Details is not { } details)
        {
            throw new InvalidRequestException("amount", "it is missing.", "缺失。");
        }

        return await stepUp.AskAsync(call.Http, call.Customer, details) is { } challenge ? ApiCall.Json(challenge) : call.Problem(CustomersRefusals.PasskeyNotFound);
    }

    private static async Task<IResult> AskAsync(AskWithdrawalRequest request, ApiCall call, IBook book, StepUp stepUp)
    {
        if (!PinRules.IsPin(request.Pin))
        {
            throw new InvalidRequestException("pin", "a payment PIN has six digits.", "支付密码为 6 位数字。");
        }

        PasskeyProof? proof = null;
        if (request.Passkey is { } passkey
            && !(await book.RunAsync(new QuoteWithdrawal(call.Session, request.Source, request.Card, request.Amount), cancel: call.Cancel)).IsRefused(out _, out var quote))
        {
            // An assertion that does not hold goes on as none: under a key used before the stored answer comes back, and under a new one the slice asks for a passkey.
            proof = await stepUp.CheckAsync(call.Http, call.Customer, quote.Details!, passkey.Credential, passkey.State);
        }

        return await call.RunAsync(new RequestWithdrawal(call.Session, request.Source, request.Card, request.Amount, PersonalHashes.Pin(call.Secrets, call.Customer, request.Pin),
            proof, request.Channel, request.Purpose), status: StatusCodes.Status201Created);
    }
}

/// <summary>What a person types about a withdrawal, read for edges.</summary>
internal static class WithdrawalText
{
    /// <summary>Eight ASCII digits, wherever spaces and hyphens stand between them.</summary>
    /// <exception cref="InvalidRequestException">The text is no code; it counts as no try.</exception>
    public static string Code(string? text, string field)
    {
        var digits = string.Concat((text ?? "").Where(character => !char.IsWhiteSpace(character) && character != '-'));
        return digits.Length == WithdrawalCodes.Digits && digits.All(char.IsAsciiDigit)
            ? digits
            : throw new InvalidRequestException(field, "a withdrawal code has eight digits.", "提现授权码为 8 位数字。");
    }
}
