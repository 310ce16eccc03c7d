namespace Peony.Scenarios;

/// <summary>The reader of stories itself: it rejects what means nothing, and nothing wrong passes for right.</summary>
public sealed class ReaderTests
{
    private const string Lin = "customer  Lin   wallet 1,000.00   card ··1234\n";
    private const string Asks = "2026-03-05 10:00   Lin asks to withdraw 500.00 to ··1234";

    [Theory]
    [InlineData("", "x.story:1: nothing happens")]
    [InlineData("# nobody\ncustomer  Lin", "x.story:2: nothing happens")]
    [InlineData("hello", "x.story:1: a line is")]
    [InlineData("customer Lin", "x.story:1: a customer has a name")]
    [InlineData("customer  Lin   purse 5.00", "x.story:1: 'purse 5.00' says nothing")]
    [InlineData("customer  Lin   wallet 1000   card ··1234", "x.story:1: '1000' is no amount")]
    [InlineData("customer  Lin   wallet 1000.00   card ··1234", "x.story:1: '1000.00' is no amount")]
    [InlineData("customer  Lin   wallet 10.00", "x.story:1: money comes from a card")]
    [InlineData("customer  Lin   card 1234", "x.story:1: 'card 1234' says nothing")]
    [InlineData("customer  Lin   verified twice", "x.story:1: 'twice' is no level")]
    [InlineData("customer  Lin\ncustomer  Lin", "x.story:2: Lin is there already")]
    [InlineData("2026-03-05 10:00   nothing happens", "x.story:1: nobody is there")]
    [InlineData(Lin + "2026-02-30 10:00   nothing happens", "x.story:2: a line is")]
    [InlineData(Lin + "2026-03-05 10:00   Lin dances", "x.story:2: nobody knows how to play 'Lin dances'")]
    [InlineData(Lin + "2026-03-05 10:00   Wang cancels", "x.story:2: nobody knows how to play 'Wang cancels', or who")]
    [InlineData(Lin + "2026-03-05 10:00   cancels", "x.story:2: nobody knows how to play 'cancels', or who")]
    [InlineData(Lin + "2026-03-05 10:00   Lin asks to withdraw 5,00.00 to ··1234", "x.story:2: nobody knows how to play")]
    [InlineData(Lin + Asks + "   -> happiness", "x.story:2: 'happiness' is nothing")]
    [InlineData(Lin + Asks + "   -> held 5,00.00", "x.story:2: 'held 5,00.00' is nothing")]
    [InlineData(Lin + Asks + "   -> refused", "x.story:2: 'refused' is nothing")]
    [InlineData(Lin + Asks + "\n2026-03-05 09:59   Lin cancels", "x.story:3: time does not run backwards")]
    [InlineData(Lin + Asks + "\ncustomer  Wang", "x.story:3: customers stand before")]
    public void Nonsense_is_rejected_with_its_place(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<StoryFormatException>(() => Story.Read("x.story", text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("held 500.00", "x.story:2: expected held 500.00, got 500.50")]
    [InlineData("wallet 999.00", "x.story:2: expected wallet 999.00, got 1,000.00")]
    [InlineData("credit balance 1.00", "x.story:2: expected credit balance 1.00, got 0.00")]
    [InlineData("owed 1.00", "x.story:2: expected owed 1.00, got 0.00")]
    [InlineData("fee 1.00", "x.story:2: expected fee 1.00, got 0.50")]
    [InlineData("fees earned 0.50", "x.story:2: expected fees earned 0.50, got 0.00")]
    [InlineData("paid", "x.story:2: expected paid, got awaiting code 500.00")]
    [InlineData("awaiting code 400.00", "x.story:2: expected awaiting code 400.00, got awaiting code 500.00")]
    [InlineData("code not delivered", "x.story:2: expected code not delivered, got a code that is delivered")]
    [InlineData("refused withdrawal.over_limit", "x.story:2: expected refused withdrawal.over_limit, got no refusal")]
    [InlineData("tries left 4", "x.story:2: expected tries left 4, got no count")]
    [InlineData("at most 1.00", "x.story:2: expected at most 1.00, got at most no word of it because of nothing")]
    [InlineData("inbox withdrawal.paid", "x.story:2: expected inbox withdrawal.paid, got withdrawal.code_sent")]
    [InlineData("withdrawal 2 paid", "x.story:2: cannot be played: Lin has not asked for 2 withdrawals")]
    public void What_does_not_come_true_is_told_with_its_place_and_what_came_instead(string expected, string message) =>
        Assert.Equal([message], WrongIn(Lin + Asks + "   -> " + expected));

    [Fact]
    public void A_refusal_that_nobody_expected_is_told() => Assert.Equal(["x.story:2: expected it to go through, got refused withdrawal.not_enough"],
        WrongIn(Lin + "2026-03-05 10:00   Lin asks to withdraw 1,000.00 to ··1234   -> held 0.00"));

    [Fact]
    public void Another_refusal_than_the_expected_one_is_told() => Assert.Equal(["x.story:2: expected refused pin.wrong, got refused withdrawal.not_enough"],
        WrongIn(Lin + "2026-03-05 10:00   Lin asks to withdraw 1,000.00 to ··1234   -> refused pin.wrong"));

    [Fact]
    public void What_cannot_be_played_is_told() => Assert.Equal(["x.story:2: cannot be played: Lin never bound ··9999", "x.story:3: cannot be played: Lin is not signed in on the tablet"],
        WrongIn(Lin + "2026-03-05 10:00   Lin asks to withdraw 1.00 to ··9999\n2026-03-05 10:01   Lin on the tablet asks to withdraw 1.00 to ··1234"));

    [Fact]
    public void Everything_wrong_is_told_not_only_the_first() => Assert.Equal(2, WrongIn(Lin + Asks + "   -> held 1.00, wallet 2.00, fee 0.50").Count);

    private static IReadOnlyList<string> WrongIn(string text)
    {
        var (stage, wrong) = Story.Read("x.story", text).Play();
        stage.Dispose();
        return wrong;
    }
}
