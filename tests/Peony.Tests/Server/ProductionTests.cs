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
            SmtpUrl = values.TryGetValue("smtp", out var smtp) ? new Uri(smtp) : null,
            MailFrom = values.GetValueOrDefault("from", "notices@hill.example"),
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

    [Theory]
    [InlineData("smtps://mail.hill.example", "notices@hill.example", null)]
    [InlineData("smtp://mail.hill.example:587", "notices@hill.example", null)]
    [InlineData("smtp://127.0.0.1:2525", "notices@hill.example", "smtp://127.0.0.1:2525")]
    [InlineData("http://mail.hill.example/", "notices@hill.example", "http://mail.hill.example/")]
    [InlineData("smtps://mail.hill.example", "", "PEONY_MAIL_FROM")]
    public void Mail_is_sent_from_an_address_over_tls_or_not_at_all(string server, string from, string? refused)
    {
        var options = Complete(values => (values["smtp"], values["from"]) = (server, from));
        if (refused is null)
        {
            PeonyServer.RefuseUnsafe(options);
        }
        else
        {
            Assert.Contains(refused, Assert.Throws<StartRefusedException>(() => PeonyServer.RefuseUnsafe(options)).Message, StringComparison.Ordinal);
        }
    }
}
