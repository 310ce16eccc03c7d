namespace Peony.Payouts;

/// <summary>ISO 20022 reason codes in plain words. A code that is not listed here reads as "the bank gave no reason".</summary>
internal static class BankReasons
{
    /// <summary>The bank gave no reason (ISO 20022 MS03).</summary>
    public const string NotSpecified = "MS03";

    /// <summary>We could not send it: the card's number can no longer be opened.</summary>
    public const string CardGone = "PEONY01";

    private static readonly Dictionary<string, (string Zh, string En)> Texts = new(StringComparer.Ordinal)
    {
        ["AC01"] = ("卡号有误", "the card number is not right"),
        ["AC03"] = ("收款卡号无效", "the receiving card number is not valid"),
        ["AC04"] = ("银行卡已销户", "the card's account is closed"),
        ["AC06"] = ("银行卡已被冻结", "the card's account is blocked"),
        ["AG01"] = ("该卡不支持此类交易", "the card does not allow this kind of payment"),
        ["AM02"] = ("超过银行限额", "the amount is above the bank's limit"),
        ["AM04"] = ("银行卡余额不足", "there is not enough money on the card"),
        ["AM05"] = ("银行认为该指令重复", "the bank takes it for a duplicate"),
        ["AM10"] = ("指令金额校验不符", "the sums of the order do not agree"),
        ["BE01"] = ("户名与卡号不符", "the name does not belong to the card"),
        ["FF01"] = ("指令格式有误", "the bank could not read the order"),
        [NotSpecified] = ("银行未说明原因", "the bank gave no reason"),
        [CardGone] = ("银行卡资料已不存在", "the card's details no longer exist"),
    };

    /// <summary>The reason in the reader's language, to stand inside a sentence.</summary>
    public static string InWords(string? code, string language)
    {
        var (zh, en) = Texts.GetValueOrDefault(code ?? NotSpecified, Texts[NotSpecified]);
        return language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? zh : en;
    }
}
