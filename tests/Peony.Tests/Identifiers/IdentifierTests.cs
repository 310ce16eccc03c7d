using CsCheck;
using Peony.Identifiers;

namespace Peony.Tests.Identifiers;

public sealed class ResidentIdTests
{
    private static readonly DateOnly Today = new(2026, 3, 5);

    [Theory]
    [InlineData("11010519491231002X", "11010519491231002X")]
    [InlineData(" 11010519491231002x ", "11010519491231002X")]
    [InlineData("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X")]
    [InlineData("310101188402290031", "310101188402290031")]
    [InlineData("810000189505051122", "810000189505051122")]
    public void A_well_formed_number_is_taken_in_one_form(string text, string value) => Assert.Equal(value, ResidentId.Parse(text, Today).Id?.Value);

    [Theory]
    [InlineData("", ResidentIdFault.Form)]
    [InlineData(null, ResidentIdFault.Form)]
    [InlineData("\ud800", ResidentIdFault.Form)]
    [InlineData("1101051949123100XX", ResidentIdFault.Form)]
    [InlineData("११०१०५१९४९१२३१००२X", ResidentIdFault.Form)]
    [InlineData("110105491231002", ResidentIdFault.FirstGeneration)]
    [InlineData("160105194912310029", ResidentIdFault.Province)]
    [InlineData("110105190002290020", ResidentIdFault.BirthDate)]
    [InlineData("110105194913310020", ResidentIdFault.BirthDate)]
    [InlineData("110105204912310026", ResidentIdFault.BornInFuture)]
    [InlineData("110105194912310021", ResidentIdFault.CheckCharacter)]
    [InlineData("44052418800101001X", ResidentIdFault.CheckCharacter)]
    public void Another_text_is_refused_with_the_reason(string? text, object fault) => Assert.Equal(fault, ResidentId.Parse(text, Today).Fault);

    [Fact]
    public void Born_today_is_born()
    {
        var body = "11010120260305001";
        Assert.NotNull(ResidentId.Parse(body + ResidentId.CheckCharacterOf(body), Today).Id);
    }

    [Fact]
    public void Every_single_wrong_digit_and_every_swap_of_neighbours_is_found() =>
        Gen.Select(Gen.Int[1, 9999], Gen.Int[0, 50000], Gen.Int[0, 999]).Sample((area, day, sequence) =>
        {
            var body = $"11{area:0000}{new DateOnly(1880, 1, 1).AddDays(day):yyyyMMdd}{sequence:000}";
            var number = body + ResidentId.CheckCharacterOf(body);
            for (var at = 0; at < 17; at++)
            {
                var wrong = number.ToCharArray();
                wrong[at] = (char)('0' + ((wrong[at] - '0' + 1) % 10));
                Assert.Null(ResidentId.Parse(new string(wrong), Today).Id);
                if (at < 16 && number[at] != number[at + 1])
                {
                    var swapped = number.ToCharArray();
                    (swapped[at], swapped[at + 1]) = (swapped[at + 1], swapped[at]);
                    Assert.Null(ResidentId.Parse(new string(swapped), Today).Id);
                }
            }
        }, iter: 300);

    [Fact]
    public void It_prints_masked() => Assert.Equal("1****************X", ResidentId.Parse("11010519491231002X", Today).Id!.ToString());
}

public sealed class CardNumberTests
{
    [Theory]
    [InlineData("6216 2610 0000 0000 018", "6216261000000000018")]
    [InlineData("6200-0000-0000-0005", "6200000000000005")]
    [InlineData("６２０００００００００００００５", "6200000000000005")]
    [InlineData("5200831111111113", "5200831111111113")]
    public void Spaces_hyphens_and_full_width_digits_become_one_form(string text, string value) => Assert.Equal(value, CardNumber.Parse(text).Number?.Value);

    [Theory]
    [InlineData("621626100000000001A", CardNumberFault.Form)]
    [InlineData("", CardNumberFault.Form)]
    [InlineData("00000000000", CardNumberFault.Length)]
    [InlineData("00000000000000000000", CardNumberFault.Length)]
    [InlineData("6222021234567890123", CardNumberFault.CheckDigit)]
    public void Another_text_is_refused_with_the_reason(string text, object fault) => Assert.Equal(fault, CardNumber.Parse(text).Fault);

    [Fact]
    public void It_prints_its_last_four_digits_only() => Assert.Equal("··0018", CardNumber.Parse("6216261000000000018").Number!.ToString());
}

public sealed class BankBinsTests
{
    [Theory]
    [InlineData("6216261000000000018", "PAB", false)]
    [InlineData("622155", "PAB", true)]
    [InlineData("6226388000000095", "HXB", true)]
    [InlineData("622848", "ABC", false)]
    [InlineData("622202", "ICBC", false)]
    public void A_known_beginning_says_bank_and_kind(string digits, string code, bool isCredit)
    {
        var bin = BankBins.Default.Find(digits);
        Assert.Equal(code, bin?.Bank.Code);
        Assert.Equal(isCredit, bin?.IsCredit);
    }

    [Fact]
    public void An_unknown_beginning_is_no_bank() => Assert.Null(BankBins.Default.Find("6200000000000005"));

    [Fact]
    public void Every_prefix_of_the_table_is_digits_of_four_or_more() =>
        Assert.All(BankBins.Default.All, bin => Assert.True(bin.Prefix.Length is >= 4 and <= 10 && bin.Prefix.All(char.IsAsciiDigit)));
}

public sealed class MobileNumberTests
{
    [Theory]
    [InlineData("13552535506")]
    [InlineData("+86 135 5253 5506")]
    [InlineData("008613552535506")]
    [InlineData("8613552535506")]
    [InlineData("１３５５２５３５５０６")]
    public void All_forms_of_a_number_become_one(string text) => Assert.Equal("+8613552535506", MobileNumber.Parse(text).Number?.E164);

    [Theory]
    [InlineData("12345678901", MobileNumberFault.NotMobile)]
    [InlineData("138001380000", MobileNumberFault.NotMobile)]
    [InlineData("10086", MobileNumberFault.NotMobile)]
    [InlineData("01062345678", MobileNumberFault.NotMobile)]
    [InlineData("+85261234567", MobileNumberFault.NotMainland)]
    [InlineData("1380013HELP", MobileNumberFault.Form)]
    [InlineData("13800138000 ext. 5", MobileNumberFault.Form)]
    [InlineData("", MobileNumberFault.Form)]
    public void Another_text_is_refused_with_the_reason(string text, object fault) => Assert.Equal(fault, MobileNumber.Parse(text).Fault);

    [Fact]
    public void It_prints_masked() => Assert.Equal("135****5506", MobileNumber.Parse("13552535506").Number!.ToString());
}
