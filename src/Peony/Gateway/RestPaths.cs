namespace Peony.Gateway;

/// <summary>From the path of v3 to the method: dots for slashes, but for a few paths that are shaped otherwise.</summary>
internal static class RestPaths
{
    private static readonly (string Verb, string Path, string Method)[] Shaped =
    [
        ("POST", "ant/merchant/indirect/image", "ant.merchant.expand.indirect.image.upload"),
        ("POST", "ant/merchant/shop", "ant.merchant.expand.shop.create"),
        ("GET", "ant/merchant/shop", "ant.merchant.expand.shop.query"),
        ("PATCH", "ant/merchant/shop", "ant.merchant.expand.shop.modify"),
        ("PATCH", "ant/merchant/shop/close", "ant.merchant.expand.shop.close"),
        ("GET", "ant/merchant/shop/pagequery", "ant.merchant.expand.shop.page.query"),
        ("GET", "ant/merchant/mcc/query", "ant.merchant.expand.mcc.query"),
        ("GET", "ant/merchant/order/*", "ant.merchant.expand.order.query"),
        ("POST", "alipay/merchant/tradecomplain/feedback", "alipay.merchant.tradecomplain.feedback.submit"),
        ("POST", "alipay/merchant/tradecomplain/reply", "alipay.merchant.tradecomplain.reply.submit"),
        ("POST", "alipay/merchant/tradecomplain/supplement", "alipay.merchant.tradecomplain.supplement.submit"),
        ("GET", "alipay/merchant/tradecomplain/*", "alipay.merchant.tradecomplain.query"),
    ];

    /// <param name="path">What follows <c>/v3/</c>, without slashes around it.</param>
    public static string MethodOf(string verb, string path)
    {
        foreach (var (shapedVerb, shape, method) in Shaped)
        {
            if (shapedVerb == verb && (shape == path || (shape.EndsWith('*') && path.StartsWith(shape[..^1], StringComparison.Ordinal) && !path[(shape.Length - 1)..].Contains('/'))))
            {
                return method;
            }
        }

        return path.Replace('/', '.');
    }
}
