using Peony.Identifiers;

namespace Peony.Tests.Identifiers;

public sealed class ConformTests
{
    [Fact]
    public async Task Every_reference_case_agrees()
    {
        var (exit, text) = await RunAsync(Path.Combine(AppContext.BaseDirectory, "data", "cn_identifiers.json"));
        Assert.Equal("30 of 30 agree", text);
        Assert.Equal(ConformRunner.AllAgree, exit);
    }

    [Fact]
    public async Task A_case_that_disagrees_is_printed_with_what_was_expected_and_what_came_out()
    {
        var (exit, text) = await RunTextAsync("""
            { "cases": [
              { "kind": "resident_id", "value": "110105194912310021", "valid": true },
              { "kind": "mobile", "value": "13552535506", "valid": true, "e164": "+8613552535507" },
              { "kind": "bin", "value": "622700", "bank": "ICBC" },
              { "kind": "bank_card", "value": "6200000000000005", "luhn_valid": false, "length_ok": true },
              { "kind": "bin", "value": "622848", "bank": "ABC" } ] }
            """);
        Assert.Equal(ConformRunner.SomeDisagree, exit);
        Assert.Equal("""
            case 1 resident_id 110105194912310021: expected valid, got refused (CheckCharacter)
            case 2 mobile 13552535506: expected valid +8613552535507, got valid +8613552535506
            case 3 bin 622700: expected ICBC, got CCB
            case 4 bank_card 6200000000000005: expected luhn_valid false, length_ok true, got luhn_valid true, length_ok true
            1 of 5 agree
            """, text);
    }

    [Fact]
    public async Task Kinds_not_known_are_counted_apart_and_are_no_agreement()
    {
        var (exit, text) = await RunTextAsync("""{ "cases": [ { "kind": "totp" }, { "id": "x" }, { "kind": "totp" }, { "kind": "bin", "value": "622700", "bank": "CCB" } ] }""");
        Assert.Equal(ConformRunner.SomeDisagree, exit);
        Assert.Equal("""
            not run: 1 of kind (no kind), which is not known here
            not run: 2 of kind totp, which is not known here
            1 of 1 agree
            """, text);
    }

    [Theory]
    [InlineData("{", "is not JSON")]
    [InlineData("[]", "has no array \"cases\"")]
    [InlineData("""{ "cases": {} }""", "has no array \"cases\"")]
    [InlineData("""{ "cases": [ 1 ] }""", "case 1 is no object")]
    [InlineData("""{ "cases": [ { "kind": "bin" } ] }""", "it has no text \"value\"")]
    [InlineData("""{ "cases": [ { "kind": "mobile", "value": 1 } ] }""", "its \"value\" is no text")]
    [InlineData("""{ "cases": [ { "kind": "mobile", "value": "1", "valid": "yes" } ] }""", "neither true, false nor null")]
    [InlineData("""{ "cases": [ { "kind": "bank_card", "value": "1" } ] }""", "expects none of")]
    public async Task A_malformed_file_is_a_clear_error(string json, string error)
    {
        var (exit, text) = await RunTextAsync(json);
        Assert.Equal(ConformRunner.BadFile, exit);
        Assert.Contains(error, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_a_clear_error()
    {
        var (exit, text) = await RunAsync(Path.Combine(AppContext.BaseDirectory, "data", "no-such-file.json"));
        Assert.Equal(ConformRunner.BadFile, exit);
        Assert.StartsWith("Cannot read", text, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Text)> RunTextAsync(string json)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, json);
            return await RunAsync(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<(int Exit, string Text)> RunAsync(string file)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var exit = await ConformRunner.RunAsync(file, writer);
        return (exit, writer.ToString().TrimEnd('\n'));
    }
}
