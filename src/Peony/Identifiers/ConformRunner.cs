using System.Text.Json;

namespace Peony.Identifiers;

/// <summary>
/// Runs a file of reference cases and says where we disagree with what it expects:
/// <code>{ "about": "…", "cases": [ { "kind": "resident_id", "value": "…", "valid": true }, … ] }</code>
/// A case that expects <c>valid: null</c> leaves a policy choice to us: it agrees when our answer is the stated policy (see <see cref="ResidentId"/>, <see cref="MobileNumber"/>)
/// and, where we accept, when our one form of the value is the one the case names.
/// </summary>
internal static class ConformRunner
{
    /// <summary>All cases ran and agree.</summary>
    public const int AllAgree = 0;

    /// <summary>Some case disagrees, or is of a kind not known here.</summary>
    public const int SomeDisagree = 1;

    /// <summary>The file cannot be read as a case file.</summary>
    public const int BadFile = 2;

    // One row a kind.
    private static readonly Dictionary<string, ConformCheck> Checks = new(StringComparer.Ordinal)
    {
        ["resident_id"] = CheckResidentId,
        ["bank_card"] = CheckBankCard,
        ["bin"] = CheckBin,
        ["mobile"] = CheckMobile,
    };

    /// <param name="file">The path of a case file.</param>
    /// <param name="out">Takes disagreements, kinds not known, and last the line <c>N of M agree</c>.</param>
    /// <param name="time">Says which day it is; a birth date may not be in the future.</param>
    /// <param name="counted">Told the counts when the cases have run.</param>
    /// <param name="more">Kinds beside the identifiers.</param>
    /// <returns><see cref="AllAgree"/>, <see cref="SomeDisagree"/> or <see cref="BadFile"/>.</returns>
    public static async Task<int> RunAsync(string file, TextWriter @out, TimeProvider? time = null, Action<ConformCounts>? counted = null, ConformKinds? more = null)
    {
        JsonDocument document;
        try
        {
            await using var stream = File.OpenRead(file);
            document = await JsonDocument.ParseAsync(stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await @out.WriteLineAsync($"Cannot read {file}: {exception.Message}");
            return BadFile;
        }
        catch (JsonException exception)
        {
            await @out.WriteLineAsync($"{file} is not JSON: {exception.Message}");
            return BadFile;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("cases", out var cases) || cases.ValueKind != JsonValueKind.Array)
            {
                await @out.WriteLineAsync($"{file} is no case file: it has no array \"cases\".");
                return BadFile;
            }

            var today = DateOnly.FromDateTime((time ?? TimeProvider.System).GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);
            return await RunCasesAsync(file, cases, today, @out, counted, more);
        }
    }

    private static async Task<int> RunCasesAsync(string file, JsonElement cases, DateOnly today, TextWriter @out, Action<ConformCounts>? counted, ConformKinds? more)
    {
        int number = 0, ran = 0, agreed = 0;
        var unknown = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var unplaced = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var conformCase in cases.EnumerateArray())
        {
            number++;
            if (conformCase.ValueKind != JsonValueKind.Object)
            {
                await @out.WriteLineAsync($"{file}: case {number} is no object.");
                return BadFile;
            }

            var kind = conformCase.TryGetProperty("kind", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : "(no kind)";
            if (!Checks.TryGetValue(kind, out var check) && more?.Checks.TryGetValue(kind, out check) is not true)
            {
                var apart = more?.HasNoPlace(kind) is true ? unplaced : unknown;
                apart[kind] = apart.GetValueOrDefault(kind) + 1;
                continue;
            }

            ConformVerdict verdict;
            try
            {
                verdict = check!(conformCase, today);
            }
            catch (Exception exception) when (exception is FormatException or InvalidOperationException)
            {
                await @out.WriteLineAsync($"{file}: case {number} ({kind}): {exception.Message}");
                return BadFile;
            }

            ran++;
            if (verdict.Agrees)
            {
                agreed++;
            }
            else
            {
                await @out.WriteLineAsync($"case {number} {kind} {LabelOf(conformCase)}: expected {verdict.Expected}, got {verdict.Got}");
            }
        }

        foreach (var (kind, count) in unknown)
        {
            await @out.WriteLineAsync($"not run: {count} of kind {kind}, which is not known here");
        }

        if (unplaced.Count > 0)
        {
            await @out.WriteLineAsync($"{unplaced.Values.Sum()} cases of kinds without a place in the product: {string.Join(", ", unplaced.Select(kind => $"{kind.Key} {kind.Value}"))}");
        }

        counted?.Invoke(new ConformCounts(ran, agreed, unknown, unplaced));
        await @out.WriteLineAsync($"{agreed} of {ran} agree");
        return agreed == ran && unknown.Count == 0 ? AllAgree : SomeDisagree;
    }

    private static ConformVerdict CheckResidentId(JsonElement conformCase, DateOnly today)
    {
        var (id, fault) = ResidentId.Parse(ValueOf(conformCase), today);
        return Compare(Truth(conformCase, "valid"), expectedForm: null, id?.Value, fault?.ToString());
    }

    private static ConformVerdict CheckMobile(JsonElement conformCase, DateOnly today)
    {
        var (number, fault) = MobileNumber.Parse(ValueOf(conformCase));
        return Compare(Truth(conformCase, "valid"), OptionalText(conformCase, "e164"), number?.E164, fault?.ToString());
    }

    private static ConformVerdict Compare(bool? valid, string? expectedForm, string? form, string? fault)
    {
        var got = form is null ? $"refused ({fault})" : $"valid {form}";
        var isPlain = form is null || form.All(char.IsAscii);
        var agrees = valid switch
        {
            true => form is not null && isPlain && (expectedForm is null || form == expectedForm),
            false => form is null,
            null => isPlain && (form is null || expectedForm is null || form == expectedForm),
        };
        var expected = valid switch { true => "valid", false => "refused", null => "a policy choice" } + (valid != false && expectedForm is not null ? " " + expectedForm : "");
        return new ConformVerdict(expected, got, agrees);
    }

    private static ConformVerdict CheckBankCard(JsonElement conformCase, DateOnly today)
    {
        var value = Text.Normalise(ValueOf(conformCase));
        var facts = new (string Name, bool Got)[]
        {
            ("luhn_valid", CardNumber.HasLuhn(value)),
            ("length_ok", CardNumber.HasLength(value)),
            ("unionpay_prefix_62", CardNumber.HasUnionPayPrefix(value)),
        };
        var asked = facts.Where(fact => Truth(conformCase, fact.Name) is not null).ToList();
        if (asked.Count == 0)
        {
            throw new FormatException("it expects none of luhn_valid, length_ok and unionpay_prefix_62.");
        }

        // What the parts say must also be what the parser does.
        var isCard = CardNumber.HasLuhn(value) && CardNumber.HasLength(value);
        var parses = CardNumber.Parse(value).Number is not null;
        return new ConformVerdict(
            string.Join(", ", asked.Select(fact => $"{fact.Name} {Lower(Truth(conformCase, fact.Name)!.Value)}")),
            string.Join(", ", asked.Select(fact => $"{fact.Name} {Lower(fact.Got)}")),
            isCard == parses && asked.All(fact => Truth(conformCase, fact.Name) == fact.Got));
    }

    private static ConformVerdict CheckBin(JsonElement conformCase, DateOnly today)
    {
        var expected = OptionalText(conformCase, "bank");
        var bank = BankBins.Default.Find(ValueOf(conformCase))?.Bank;
        return new ConformVerdict(expected ?? "no bank", bank?.Code ?? "no bank", expected is null ? bank is null : bank is not null && bank.IsNamed(expected));
    }

    private static string ValueOf(JsonElement conformCase) => OptionalText(conformCase, "value") ?? throw new FormatException("it has no text \"value\".");

    private static string LabelOf(JsonElement conformCase) => OptionalText(conformCase, "value") ?? OptionalText(conformCase, "id") ?? "(no id)";

    private static string? OptionalText(JsonElement conformCase, string name) => !conformCase.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null
        ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw new FormatException($"its \"{name}\" is no text.");

    private static bool? Truth(JsonElement conformCase, string name) => !conformCase.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null
        ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new FormatException($"its \"{name}\" is neither true, false nor null.");

    private static string Lower(bool value) => value ? "true" : "false";
}

/// <summary>Compares a case with what the program does.</summary>
/// <param name="today">The day on which it is asked.</param>
internal delegate ConformVerdict ConformCheck(JsonElement conformCase, DateOnly today);

internal sealed record ConformVerdict(string Expected, string Got, bool Agrees);

/// <param name="Checks">By kind.</param>
/// <param name="HasNoPlace">True for a kind that is understood, but that nothing in the product has a use for: it is counted apart and is no agreement.</param>
internal sealed record ConformKinds(IReadOnlyDictionary<string, ConformCheck> Checks, Predicate<string> HasNoPlace);

/// <param name="Unknown">Cases of kinds not known here, by kind; they did not run.</param>
/// <param name="Unplaced">Cases of kinds without a place in the product, by kind; they did not run either.</param>
internal sealed record ConformCounts(int Ran, int Agreed, IReadOnlyDictionary<string, int> Unknown, IReadOnlyDictionary<string, int> Unplaced);
