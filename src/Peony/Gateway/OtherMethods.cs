using System.Collections.Frozen;

namespace Peony.Gateway;

/// <summary>Methods that the protocol has and this gateway does not carry out: they answer as the original does for a product that is not switched on.</summary>
internal static class OtherMethods
{
    private static readonly FrozenDictionary<string, GatewayMethod> Methods = Programs().Select(name => Row(name, isPage: false)).Concat(Pages().Select(name => Row(name, isPage: true)))
        .ToFrozenDictionary(method => method.Name);

    public static GatewayMethod? Find(string name) => Methods.GetValueOrDefault(name);

    private static GatewayMethod Row(string name, bool isPage) => new(name, isPage, static (_, _) => throw new GatewayException(GatewayError.NotPermitted));

    private static IEnumerable<string> Programs() =>
    [
        .. Below("alipay.trade", "order.pay", "order.settle", "order.settle.query", "orderinfo.sync", "settle.confirm", "royalty.relation.bind", "royalty.relation.unbind",
            "royalty.relation.batchquery", "advance.consult", "repaybill.create", "repaybill.query", "repaybill.modify", "repaybill.order.create", "repaybill.order.createandpay",
            "repaybill.order.close", "repaybill.order.refund", "repaybill.billin.confirm"),
        .. Below("alipay.fund", "trans.uni.transfer", "trans.common.query", "trans.payee.bind.query", "auth.order.freeze", "auth.order.unfreeze",
            "auth.order.voucher.create", "auth.operation.detail.query", "auth.operation.cancel"),
        .. Below("alipay.user", "agreement.query", "agreement.unsign", "agreement.transfer", "agreement.userverify.apply", "agreement.executionplan.modify", "certify.open.initialize",
            "certify.open.query", "info.share"),
        .. Below("alipay.system", "oauth.token"),
        .. Below("alipay.open", "auth.token.app", "auth.token.app.query", "auth.userauth.relationship.query", "auth.userauth.relation.cancel", "file.upload"),
        .. Below("alipay.data", "bill.accountlog.query", "bill.balance.query", "bill.buy.query", "bill.sell.query", "bill.transfer.query"),
        .. Below("alipay.merchant.tradecomplain", "batchquery", "query", "reply.submit", "feedback.submit", "supplement.submit"),
        .. Below("alipay.commerce.iot.device", "bind", "unbind", "bind.query"),
        .. Below("alipay.merchant.iot.device", "bind", "verify", "query"),
        .. Below("alipay.pcredit.loan", "credit.apply", "credit.query", "loan.apply", "loan.result.query", "repayplan.query", "repay.apply", "repay.result.query"),
        .. Below("alipay.pcredit.huabei.auth", "order.freeze", "order.unfreeze", "order.query", "settle.apply", "agreement.query", "agreement.close", "refund.apply", "accumulation.query"),
        .. Below("alipay.pcredit.huabei.merchant.activity", "create", "query", "online", "offline", "pause", "modify"),
        .. Below("zhima.credit.payafteruse", "creditagreement.query", "creditagreement.unsign", "creditagreement.transfer", "creditbizorder.order", "creditbizorder.query", "creditbizorder.finish",
            "period.close", "quota.query", "fulfillmentorder.query"),
        .. Below("zhima.credit", "score.get", "score.brief.get", "pe.level.query", "risk.evaluate.query", "order.repayment.apply"),
        .. Below("zhima.credit.pe.zmgo", "preorder.create", "agreement.query", "agreement.unsign", "cumulation.sync", "settle.apply", "settle.refund", "settle.unfreeze", "bizopt.close"),
        .. Below("zhima.merchant", "creditservice.create", "creditservice.modify", "creditservice.query", "zmgo.template.create", "zmgo.template.query", "single.data.upload"),
        .. Below("ant.merchant.expand", "indirect.image.upload", "indirect.zft.create", "indirect.zftorder.query", "order.query", "shop.create", "shop.modify", "shop.close", "shop.query",
            "shop.page.query", "shop.consult", "shop.receiptaccount.save", "mcc.query"),
    ];

    private static IEnumerable<string> Pages() =>
    [
        "alipay.user.agreement.page.sign", "alipay.user.certify.open.certify", "alipay.pcredit.huabei.auth.page.sign", "zhima.credit.payafteruse.creditagreement.sign",
        "zhima.credit.payafteruse.creditbizorder.create", "zhima.credit.pe.zmgo.sign.apply", "alipay.fund.auth.order.app.freeze",
    ];

    private static IEnumerable<string> Below(string stem, params string[] names) => names.Select(name => $"{stem}.{name}");
}
