using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Customers.Mail;
using Peony.Edge;
using Peony.Trades;
using Peony.Wallet;

namespace Peony.Notices;

/// <summary>Inbox, text messages, mail and messages to devices.</summary>
internal sealed class NoticesModule : IModule
{
    public const string ByCustomer = "customer";
    public const string ByUnread = "unread";
    public const string ByDevice = "device";
    public const string ByCode = "code";

    public void Describe(BookSchema schema)
    {
        schema.Record<Notice>("notice").Index(ByCustomer, notice => notice.Customer.Value).Index(ByUnread, notice => notice.ReadAt is null ? notice.Customer.Value : null);
        schema.Record<Message>("message").Index(ByCustomer, message => message.Customer.Value).Index(ByDevice, message => message.Device?.Value)
            .Index(ByCode, message => message.Code is { } code ? $"{code.Purpose}/{code.Reference}" : null);

        schema.Record<NoticeChoices>("notice_choices");

        schema.Command<SendNotice>("notices.send");
        schema.Command<ChooseNotices>("notices.choose");
        schema.Command<ReadNotices>("notices.read");
        schema.Command<SendCode>("notices.send_code");
        schema.Command<ReadMessage>("notices.read_message");
        schema.Command<DeliveryKnown>("notices.delivery_known");
        schema.Command<MessageTimer>("notices.message_timer");

        schema.Event<NoticePosted>("notices.posted");
        schema.Event<MessageDue>("notices.message_due");
        schema.Event<MessageMoved>("notices.message_moved");

        schema.EffectOn<NoticePosted>(NoticeFeedEffect.EffectName);
        schema.EffectOn<MessageMoved>(MessageFeedEffect.EffectName);
        schema.EffectOn<MessageDue>(CarrierEffect.EffectName);
        schema.EffectOn<CardBound>("notices.card_bound");
        schema.EffectOn<CardUnbound>("notices.card_unbound");
        schema.EffectOn<NewDeviceSignedIn>("notices.new_device");
        schema.EffectOn<PinLocked>("notices.pin_locked");
        schema.EffectOn<PinChanged>("notices.pin_changed");
        schema.EffectOn<CustomerFrozen>("notices.frozen");
        schema.EffectOn<CustomerUnfrozen>("notices.unfrozen");
        schema.EffectOn<IdentityVerified>("notices.verified");
        schema.EffectOn<EmailChanged>("notices.email_changed");
        schema.EffectOn<CredentialChanged>("notices.credential");
        schema.EffectOn<TopUpSettled>("notices.top_up_settled");
        schema.EffectOn<TopUpFailed>("notices.top_up_failed");
        schema.EffectOn<CreditLineOpened>("notices.credit_line_opened");
        schema.EffectOn<StatementReady>("notices.statement_ready");
        schema.EffectOn<BillDue>("notices.bill_due");
        schema.EffectOn<AutoRepaymentOff>("notices.auto_repayment_off");
        schema.EffectOn<PurchaseRefunded>("notices.purchase_refunded");
        schema.EffectOn<CreditLineChanged>("notices.credit_line_changed");
        schema.EffectOn<CreditLineClosed>("notices.credit_line_closed");
        schema.EffectOn<PaymentMissed>("notices.payment_missed");
        schema.EffectOn<RepaymentSettled>("notices.repayment_settled");
        schema.EffectOn<RepaymentFailed>("notices.repayment_failed");
        schema.EffectOn<RepaymentReturned>("notices.repayment_returned");
        schema.EffectOn<TradeAwaitsBuyer>("notices.trade_awaits_buyer");
        schema.EffectOn<TradePaid>("notices.trade_paid");
        schema.EffectOn<TradeRefunded>("notices.trade_refunded");
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
        services.AddProvider(HttpSmsGateway.ClientName);
        services.AddSingleton<ISmsProvider, HttpSmsGateway>();
        services.AddSingleton<IMailProvider, SmtpMail>();
        services.AddSingleton<INoticeFeed, NoticeFeed>();
        services.AddSingleton<DeviceMessages>();

        services.AddEffect<NoticePosted, NoticeFeedEffect>();
        services.AddEffect<MessageMoved, MessageFeedEffect>();
        services.AddEffect<MessageDue, CarrierEffect>();
        services.AddEffect<CardBound, CardBoundNotice>();
        services.AddEffect<CardUnbound, CardUnboundNotice>();
        services.AddEffect<NewDeviceSignedIn, NewDeviceNotice>();
        services.AddEffect<PinLocked, PinLockedNotice>();
        services.AddEffect<PinChanged, PinChangedNotice>();
        services.AddEffect<CustomerFrozen, FrozenNotice>();
        services.AddEffect<CustomerUnfrozen, UnfrozenNotice>();
        services.AddEffect<IdentityVerified, VerifiedNotice>();
        services.AddEffect<EmailChanged, EmailChangedNotice>();
        services.AddEffect<CredentialChanged, CredentialNotice>();
        services.AddEffect<TopUpSettled, TopUpSettledNotice>();
        services.AddEffect<TopUpFailed, TopUpFailedNotice>();
        services.AddEffect<CreditLineOpened, CreditLineOpenedNotice>();
        services.AddEffect<StatementReady, StatementReadyNotice>();
        services.AddEffect<BillDue, BillDueNotice>();
        services.AddEffect<AutoRepaymentOff, AutoRepaymentOffNotice>();
        services.AddEffect<PurchaseRefunded, PurchaseRefundedNotice>();
        services.AddEffect<CreditLineChanged, CreditLineChangedNotice>();
        services.AddEffect<CreditLineClosed, CreditLineClosedNotice>();
        services.AddEffect<PaymentMissed, PaymentMissedNotice>();
        services.AddEffect<RepaymentSettled, RepaymentSettledNotice>();
        services.AddEffect<RepaymentFailed, RepaymentFailedNotice>();
        services.AddEffect<RepaymentReturned, RepaymentReturnedNotice>();
        services.AddEffect<TradeAwaitsBuyer, TradeAwaitsBuyerNotice>();
        services.AddEffect<TradePaid, TradePaidNotice>();
        services.AddEffect<TradeRefunded, TradeRefundedNotice>();
    }

    public void MapApi(IEndpointRouteBuilder api) => NoticesApi.Map(api);
}
