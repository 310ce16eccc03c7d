using Peony.Book;
using Peony.Edge;
using Peony.Server;

namespace Peony.Tests.Server;

/// <summary>What Production refuses to start without or with.</summary>
public sealed class ProductionTests
{
    private static PeonyOptions Complete(Action<Dictionary<string, string>>? change = null)
    {
        var values = new Dictionary<string, string>
        {
            ["bank"] = "https://bank.example/",
            ["sms"] = "https://sms.example/",
            ["bureau"] = "https://bureau.example/",
            ["key"] = "0123456789abcdef",
            ["name"] = "Hill Credit Union",
            ["account"] = "6222000000000000",
            ["agent"] = "CCB",
        };
        change?.Invoke(values);
        Uri? Address(string name) => values[name].Length == 0 ? null : new Uri(values[name]);
        return new PeonyOptions
        {
            Mode = PeonyMode.Production,
            DataDirectory = "nowhere",
            BankUrl = Address("bank"),
            SmsUrl = Address("sms"),
            BureauUrl = Address("bureau"),
            ProviderKey = values["key"],
            OperatorName = values["name"],
            OperatorAccount = values["account"],
            OperatorBank = values["agent"],
        };
    }

    [Fact]
    public void A_complete_production_is_not_refused() => PeonyServer.RefuseUnsafe(Complete());

    [Theory]
    [InlineData("bank", "PEONY_BANK_URL")]
    [InlineData("sms", "PEONY_SMS_URL")]
    [InlineData("bureau", "PEONY_BUREAU_URL")]
    [InlineData("key", "PEONY_PROVIDER_KEY")]
    [InlineData("name", "PEONY_OPERATOR_NAME")]
    [InlineData("account", "PEONY_OPERATOR_ACCOUNT")]
    [InlineData("agent", "PEONY_OPERATOR_BANK")]
    public void What_is_missing_is_named(string part, string name)
    {
        var refused = Assert.Throws<StartRefusedException>(() => PeonyServer.RefuseUnsafe(Complete(values => values[part] = "")));
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://bank.example/")]
    [InlineData("https://127.0.0.1/")]
    public void A_simulator_or_a_line_in_clear_is_refused(string address)
    {
        var refused = Assert.Throws<StartRefusedException>(() => PeonyServer.RefuseUnsafe(Complete(values => values["bank"] = address)));
        Assert.Contains(address, refused.Message, StringComparison.Ordinal);
    }
}
