using CsCheck;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;
using Peony.Withdrawals;

namespace Peony.Tests.Withdrawals;

public sealed class WithdrawalCodeTests
{
    private static readonly CodeBinding Bound = new(new CustomerId("cus_1"), new CardId("card_1"), 1, Money.Cny(500_00), new SessionId("ses_1"), new DeviceId("dev_1"),
        "withdrawal/wd_1/Wallet", new DateTimeOffset(2026, 3, 5, 2, 5, 0, TimeSpan.Zero));

    private static readonly byte[] Nonce = [.. Enumerable.Range(1, 16).Select(value => (byte)value)];

    private readonly WithdrawalCodes _codes = new(new byte[32]);

    private static readonly (string What, CodeBinding Binding)[] Changed =
    [
        ("customer", Bound with { Customer = new CustomerId("cus_2") }),
        ("card", Bound with { Card = new CardId("card_2") }),
        ("the wallet balance in place of a card", Bound with { Card = null, CardVersion = 0 }),
        ("card bound again", Bound with { CardVersion = 2 }),
        ("card not bound", Bound with { CardVersion = 0 }),
        ("amount", Bound with { Amount = Money.Cny(500_01) }),
        ("currency", Bound with { Amount = new Money(500_00, Currency.Usd) }),
        ("session", Bound with { Session = new SessionId("ses_2") }),
        ("device", Bound with { Device = new DeviceId("dev_2") }),
        ("purpose", Bound with { Purpose = "withdrawal/wd_1/CreditBalance" }),
        ("withdrawal", Bound with { Purpose = "withdrawal/wd_2/Wallet" }),
        ("expiry", Bound with { ExpiresAt = Bound.ExpiresAt.AddTicks(10) }),
        ("two fields that touch", Bound with { Session = new SessionId("ses_1d"), Device = new DeviceId("ev_1") }),
    ];

    [Fact]
    public void A_code_is_eight_digits_and_its_nonce_and_binding_make_it_again()
    {
        var code = _codes.Derive(Nonce, Bound);

        Assert.Matches("^[0-9]{8}$", code);
        Assert.Equal(code, new WithdrawalCodes(new byte[32]).Derive(Nonce, Bound with { }));
        Assert.True(_codes.Matches(Nonce, Bound, code));
    }

    [Fact]
    public void The_code_of_today_is_the_code_of_every_release()
    {
        // A golden value: codes that are out when the program is upgraded must stay good.
        Assert.Equal("81084942", _codes.Derive(Nonce, Bound));
    }

    [Fact]
    public void Each_single_change_of_what_it_is_bound_to_makes_another_code()
    {
        var code = _codes.Derive(Nonce, Bound);

        Assert.All(Changed, change => Assert.False(_codes.Matches(Nonce, change.Binding, code), change.What));
        Assert.Equal(Changed.Length + 1, Changed.Select(change => _codes.Derive(Nonce, change.Binding)).Append(code).Distinct().Count());
    }

    [Fact]
    public void Another_nonce_or_another_key_makes_another_code()
    {
        var code = _codes.Derive(Nonce, Bound);

        Assert.False(_codes.Matches([.. Nonce.Reverse()], Bound, code));
        Assert.False(new WithdrawalCodes([.. Enumerable.Repeat((byte)1, 32)]).Matches(Nonce, Bound, code));
    }

    [Theory]
    [InlineData("")]
    [InlineData("8108494")]
    [InlineData("810849420")]
    [InlineData(" 81084942")]
    [InlineData("８１０８４９４２")]
    [InlineData("abcdefgh")]
    public void What_is_not_the_code_is_wrong_whatever_its_form(string typed) => Assert.False(_codes.Matches(Nonce, Bound, typed));

    [Fact]
    public void A_nonce_of_another_length_or_a_short_key_is_a_defect()
    {
        Assert.Throws<ArgumentException>(() => _codes.Derive(new byte[15], Bound));
        Assert.Throws<ArgumentException>(() => new WithdrawalCodes(new byte[31]));
    }

    [Fact]
    public void Codes_are_spread_evenly()
    {
        var counts = new int[10, WithdrawalCodes.Digits];
        const int codes = 20_000;
        var nonce = new byte[16];
        for (var number = 0; number < codes; number++)
        {
            BitConverter.TryWriteBytes(nonce, number);
            var code = _codes.Derive(nonce, Bound);
            for (var place = 0; place < code.Length; place++)
            {
                counts[code[place] - '0', place]++;
            }
        }

        // 2,000 of each digit at each place; the standard deviation is 42, and five of them happen by chance once in twenty thousand runs of these eighty.
        foreach (var count in counts)
        {
            Assert.InRange(count, 2_000 - 215, 2_000 + 215);
        }
    }

    [Fact]
    public void A_hundred_thousand_guesses_find_nothing()
    {
        // Each guess at a code of its own is right with 10^-8: all of them together find one once in a thousand seeds. This is a fixed one.
        var nonce = new byte[16];
        var found = 0;
        for (var number = 0; number < 100_000; number++)
        {
            BitConverter.TryWriteBytes(nonce, number * 2_654_435_761L);
            found += _codes.Matches(nonce, Bound, "12345678") ? 1 : 0;
        }

        Assert.Equal(0, found);
    }

    [Fact]
    public void A_guesser_has_at_most_one_chance_in_a_million_a_day()
    {
        var rules = WithdrawalRules.Shipped().Code;

        // Each of the day's tries is right with 10^-8, whichever code it is tried on.
        Assert.True(rules.WrongTriesPerDay <= 100_000_000 / 1_000_000);
        Assert.Equal((300, 5, 5, 20), (rules.LifeSeconds, rules.TriesPerCode, rules.IssuesPerHour, rules.WrongTriesPerDay));
    }

    [Fact]
    public void Deriving_and_matching_agree_for_any_binding() =>
        Gen.Select(Gen.String[0, 40], Gen.Long, Gen.Int, Gen.Byte.Array[16]).Sample(
            (text, minor, version, nonce) =>
            {
                var binding = Bound with { Session = new SessionId(text), Amount = Money.Cny(minor), CardVersion = version };
                var code = _codes.Derive(nonce, binding);
                return _codes.Matches(nonce, binding, code) && !_codes.Matches(nonce, binding, WithdrawalWorld.Wrong(code));
            },
            iter: 5_000, writeLine: TestContext.Current.TestOutputHelper!.WriteLine);
}
