namespace Peony.Sandbox;

/// <summary>A demo customer. The identity numbers belong to nobody living; the cards are test numbers.</summary>
/// <param name="Story">What this customer is good for in a demonstration.</param>
public sealed record DemoPerson(string EnglishName, string Name, string Phone, string IdNumber, string CardNumber, string Story);

/// <summary>The demo customers of a fresh sandbox.</summary>
internal static class DemoPeople
{
    public const string Password = "peony-demo-2026";
    public const string Pin = "258036";

    public static readonly DemoPerson Lin = new("Lin", "林晓", "13800138000", "110101188001010011", "6216261000000000018", "wallet balance, credit line, credit balance (溢缴款): withdraw either");
    public static readonly DemoPerson Chen = new("Chen", "陈明", "13900139000", "310101188402290031", "6228480402564890018", "credit line with a bill to repay; owner of the demo shop");

    public static readonly IReadOnlyList<DemoPerson> All = [Lin, Chen];
}
