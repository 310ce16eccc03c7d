using System.Globalization;
using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Customers.Mail;
using Peony.Ledger;
using Peony.Trades;
using Peony.Wallet;

namespace Peony.Notices;

/// <summary>An effect that answers an event of another capability with a notice.</summary>
internal abstract class NoticeOn<TEvent>(string name, Func<TEvent, SendNotice> notice) : IEffect<TEvent>
    where TEvent : IEvent
{
    public string Name => name;

    public Task<ICommand?> ActAsync(TEvent @event, EffectContext context, CancellationToken cancel) => Task.FromResult<ICommand?>(notice(@event));

    protected static Dictionary<string, string> Card(string bank, string lastFour) => new() { ["bank"] = bank, ["lastFour"] = lastFour };

    protected static Dictionary<string, string> Card(string bank, string lastFour, Money amount, string reason) =>
        new() { ["bank"] = bank, ["lastFour"] = lastFour, ["amount"] = amount.ToString(), ["reason"] = reason };

    protected static Dictionary<string, string> Amount(Money amount) => new() { ["amount"] = amount.ToString() };

    protected static Dictionary<string, string> Bill(Money total, Money minimum, DateOnly due) =>
        new() { ["total"] = total.ToString(), ["minimum"] = minimum.ToString(), ["due"] = due.ToString("O", CultureInfo.InvariantCulture) };

    protected static Dictionary<string, string> Shop(string seller, Money amount) => new() { ["seller"] = seller, ["amount"] = amount.ToString() };

    protected static Dictionary<string, string> Nothing() => [];
}

// One line an event: which notice it makes, and whether it must reach the customer outside the app as well.
internal sealed class CardBoundNotice() : NoticeOn<CardBound>("notices.card_bound", told => new SendNotice(told.Customer, "card.bound", Card(told.Bank, told.LastFour), IsAlsoSms: true));

internal sealed class CardUnboundNotice() : NoticeOn<CardUnbound>("notices.card_unbound", told => new SendNotice(told.Customer, "card.unbound", Card(told.Bank, told.LastFour)));

internal sealed class NewDeviceNotice() : NoticeOn<NewDeviceSignedIn>("notices.new_device",
    told => new SendNotice(told.Customer, "customer.new_device", new Dictionary<string, string> { ["device"] = told.DeviceName }, IsAlsoSms: true));

internal sealed class PinLockedNotice() : NoticeOn<PinLocked>("notices.pin_locked",
    told => new SendNotice(told.Customer, "pin.locked", new Dictionary<string, string> { ["until"] = told.Until.ToString("O", CultureInfo.InvariantCulture) }, IsAlsoSms: true));

internal sealed class PinChangedNotice() : NoticeOn<PinChanged>("notices.pin_changed",
    told => new SendNotice(told.Customer, told.IsFirst ? "pin.set" : "pin.changed", Nothing(), IsAlsoSms: !told.IsFirst));

internal sealed class FrozenNotice() : NoticeOn<CustomerFrozen>("notices.frozen", told => new SendNotice(told.Customer, "customer.frozen", Nothing(), IsAlsoSms: true));

internal sealed class UnfrozenNotice() : NoticeOn<CustomerUnfrozen>("notices.unfrozen", told => new SendNotice(told.Customer, "customer.unfrozen", Nothing(), IsAlsoSms: true));

internal sealed class VerifiedNotice() : NoticeOn<IdentityVerified>("notices.verified", told => new SendNotice(told.Customer, "customer.verified", Nothing()));

internal sealed class EmailChangedNotice() : NoticeOn<EmailChanged>("notices.email_changed",
    told => new SendNotice(told.Customer, told.IsSet ? "customer.email_changed" : "customer.email_removed", Nothing(), IsAlsoSms: true));

internal sealed class CredentialNotice() : NoticeOn<CredentialChanged>("notices.credential",
    told => new SendNotice(told.Customer, "customer.credential_changed", Nothing(), IsAlsoSms: true));

internal sealed class TopUpSettledNotice() : NoticeOn<TopUpSettled>("notices.top_up_settled", told => new SendNotice(told.Customer, "top_up.settled", Amount(told.Amount)));

internal sealed class TopUpFailedNotice() : NoticeOn<TopUpFailed>("notices.top_up_failed",
    told => new SendNotice(told.Customer, "top_up.failed", Card(told.Bank, told.LastFour, told.Amount, told.BankReason)));

internal sealed class CreditLineOpenedNotice() : NoticeOn<CreditLineOpened>("notices.credit_line_opened",
    told => new SendNotice(told.Customer, "credit.opened", new Dictionary<string, string> { ["limit"] = told.Limit.ToString() }));

internal sealed class StatementReadyNotice() : NoticeOn<StatementReady>("notices.statement_ready",
    told => new SendNotice(told.Customer, "credit.statement_ready", Bill(told.Total, told.Minimum, told.DueDay), IsAlsoSms: told.Total.IsPositive));

internal sealed class BillDueNotice() : NoticeOn<BillDue>("notices.bill_due", told => new SendNotice(told.Customer, "credit.bill_due", Bill(told.Payable, told.Minimum, told.DueDay), IsAlsoSms: true));

internal sealed class AutoRepaymentOffNotice() : NoticeOn<AutoRepaymentOff>("notices.auto_repayment_off",
    told => new SendNotice(told.Customer, "credit.auto_repayment_off", Bill(told.Amount, told.Amount, told.DueDay), IsAlsoSms: true));

internal sealed class CreditLineChangedNotice() : NoticeOn<CreditLineChanged>("notices.credit_line_changed",
    told => new SendNotice(told.Customer, "credit.line_" + told.Kind.ToString().ToLowerInvariant(),
        new Dictionary<string, string> { ["from"] = told.From.ToString(), ["to"] = told.To.ToString(), ["whyZh"] = told.Zh, ["whyEn"] = told.En }, IsAlsoSms: true, Link: "/app/credit"));

internal sealed class CreditLineClosedNotice() : NoticeOn<CreditLineClosed>("notices.credit_line_closed", told => new SendNotice(told.Customer, "credit.line_closed", Nothing(), IsAlsoSms: true));

internal sealed class PurchaseRefundedNotice() : NoticeOn<PurchaseRefunded>("notices.purchase_refunded", told => new SendNotice(told.Customer, "credit.refunded", Amount(told.Amount)));

internal sealed class PaymentMissedNotice() : NoticeOn<PaymentMissed>("notices.payment_missed",
    told => new SendNotice(told.Customer, "credit.payment_missed", Bill(told.Payable, told.Minimum, told.DueDay), IsAlsoSms: true));

internal sealed class RepaymentSettledNotice() : NoticeOn<RepaymentSettled>("notices.repayment_settled",
    told => new SendNotice(told.Customer, "repayment.settled", Amount(told.Amount)));

internal sealed class RepaymentReturnedNotice() : NoticeOn<RepaymentReturned>("notices.repayment_returned",
    told => new SendNotice(told.Customer, "repayment.returned",
        new Dictionary<string, string> { ["amount"] = told.Amount.ToString(), ["reason"] = told.BankReason, ["payable"] = told.Payable.ToString() }, IsAlsoSms: true));

internal sealed class RepaymentFailedNotice() : NoticeOn<RepaymentFailed>("notices.repayment_failed",
    told => new SendNotice(told.Customer, "repayment.failed", Card(told.Bank, told.LastFour, told.Amount, told.BankReason)));

/// <summary>The phone asks: the notice leads to the page where the trade is paid.</summary>
internal sealed class TradeAwaitsBuyerNotice() : NoticeOn<TradeAwaitsBuyer>("notices.trade_awaits_buyer",
    told => new SendNotice(told.Buyer, "trade.awaits_buyer", Shop(told.Seller, told.Total), Link: $"/app/pay/{told.Trade.Value}"));

internal sealed class TradePaidNotice() : NoticeOn<TradePaid>("notices.trade_paid",
    told => new SendNotice(told.Buyer, "trade.paid", Shop(told.Seller, told.Total), Link: $"/app/pay/{told.Trade.Value}"));

internal sealed class TradeRefundedNotice() : NoticeOn<TradeRefunded>("notices.trade_refunded",
    told => new SendNotice(told.Buyer, "trade.refunded", Shop(told.Seller, told.Amount), Link: $"/app/pay/{told.Trade.Value}"));
