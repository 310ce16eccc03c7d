using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Peony.Credit;
using Peony.Identifiers;
using Peony.Ledger;

namespace Peony.Server.Verbs;

/// <summary>
/// The kinds of reference cases for the arithmetic of loans: each reads its input, lets <c>Peony.Credit</c> compute, and compares everything that is expected. Input that is refused disagrees,
/// unless the case expects a refusal; an expectation that is not understood disagrees too.
/// </summary>
internal static partial class ScheduleCases
{
    /// <summary>The kinds, and the spreadsheet functions (<c>tvm_…</c>) that nothing in the product uses.</summary>
    public static ConformKinds Kinds { get; } = new(
        new Dictionary<string, ConformCheck>(StringComparer.Ordinal)
        {
            ["level_installment_schedule"] = Check(Loan),
            ["overdue_interest_recalculation"] = Check(Loan),
            ["early_payoff"] = Check(Loan),
            ["rate_change"] = Check(Loan),
            ["apr_effective_annual"] = Check(EffectiveAnnual),
            ["apr_us_actuarial"] = Check(UsActuarial),
            ["fee_installment_annualised"] = Check(FeeInstalment),
            ["tvm_pmt"] = Check(Pmt),
            ["tvm_rate"] = Check(Rate),
            ["tvm_irr"] = Check(Irr),
            ["tvm_effect"] = Check(Effect),
        },
        kind => kind.StartsWith("tvm_", StringComparison.Ordinal));

    /// <summary>One value of a case: what was expected, what came out, and how far apart they may be.</summary>
    private sealed record Finding(string Name, string Expected, string Got, bool Agrees);

    /// <summary>A case with its input and the values it expects.</summary>
    private sealed record Case(string Id, JsonElement Input, JsonElement Expected, string Tolerance);

    private static ConformCheck Check(Func<Case, IEnumerable<Finding>> run) => (json, _) =>
    {
        var rejects = json.TryGetProperty("expected", out var expected) && expected.ValueKind == JsonValueKind.Object
            && expected.TryGetProperty("reject", out var reject) && reject.ValueKind is not (JsonValueKind.False or JsonValueKind.Null);
        try
        {
            var findings = run(new(OptionalText(json, "id") ?? "", Property(json, "input"), Property(json, "expected"), OptionalText(json, "tolerance") ?? "")).ToList();
            if (rejects)
            {
                return new("a refusal", string.Join(", ", findings.Select(finding => $"{finding.Name} {finding.Got}")), false);
            }

            // A case that expects nothing we looked at would agree with anything.
            var shown = findings.Where(finding => !finding.Agrees).ToList();
            return findings.Count == 0
                ? new("something", "nothing to compare", false)
                : new(string.Join(", ", shown.Select(finding => $"{finding.Name} {finding.Expected}")), string.Join(", ", shown.Select(finding => $"{finding.Name} {finding.Got}")), shown.Count == 0);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or ArithmeticException or InvalidOperationException)
        {
            return new(rejects ? "a refusal" : "a result", $"refused ({exception.Message})", rejects);
        }
    };

    private static IEnumerable<Finding> Loan(Case loan)
    {
        var currency = OptionalText(loan.Input, "currency") is { } code ? Currency.Parse(code) : Currency.Cny;
        var terms = Terms(loan.Input);
        var facts = new LoanFacts([.. Property(loan.Input, "disbursements").EnumerateArray().Select(drawn => new DatedAmount(Day(drawn, "date"), Amount(drawn, "amount", currency)))], [], []);
        var asOf = terms.Periods[0].From;
        DateOnly? payoffDay = null;
        foreach (var happened in loan.Input.TryGetProperty("events", out var events) ? events.EnumerateArray().ToList() : [])
        {
            if (happened.TryGetProperty("rate_change_from", out _))
            {
                facts = facts with { RateChanges = [.. facts.RateChanges, new(Day(happened, "rate_change_from"), AnnualRate(happened, "new_rate_percent"))] };
                continue;
            }

            var day = Day(happened, "date");
            if (happened.TryGetProperty("payoff", out var payoff) && payoff.ValueKind == JsonValueKind.True)
            {
                payoffDay = day;
            }
            else
            {
                facts = happened.TryGetProperty("disbursement", out _)
                    ? facts with { Drawdowns = [.. facts.Drawdowns, new(day, Amount(happened, "disbursement", currency))] }
                    : facts with { Repayments = [.. facts.Repayments, new(day, Amount(happened, "repayment", currency))] };
            }

            asOf = day > asOf ? day : asOf;
        }

        asOf = loan.Input.TryGetProperty("as_of", out _) ? Day(loan.Input, "as_of") : asOf;
        var paidOff = payoffDay is { } on ? LoanSchedule.Payoff(terms, facts, on) : default;
        if (payoffDay is { } paidOn && paidOff.Total.IsPositive)
        {
            facts = facts with { Repayments = [.. facts.Repayments, new(paidOn, paidOff.Total)] };
        }

        var schedule = LoanSchedule.Of(terms, facts, asOf);
        foreach (var expected in loan.Expected.EnumerateObject())
        {
            if (expected.Name == "rows")
            {
                foreach (var finding in Rows(expected.Value, schedule, currency))
                {
                    yield return finding;
                }

                continue;
            }

            var got = expected.Name switch
            {
                "installment" => schedule.Instalments[0].Total,
                "total_interest" => schedule.TotalInterest,
                "total_due" => schedule.TotalDue,
                "total_principal" => schedule.TotalDue - schedule.TotalInterest,
                "paid" => schedule.Paid,
                "in_advance" => schedule.PaidInAdvance,
                "late" => schedule.PaidLate,
                "outstanding" => schedule.Outstanding,
                "overpaid" => schedule.Overpaid,
                "payoff_amount" => paidOff.Total,
                "payoff_principal" => paidOff.Principal,
                "payoff_interest" => paidOff.Interest,
                "balance_after" => LoanSchedule.Payoff(terms, facts, asOf).Principal,
                _ => throw new FormatException($"it expects \"{expected.Name}\", which is not understood"),
            };
            yield return Same(expected.Name, Money.Parse(Text(expected.Value), currency), got);
        }
    }

    private static IEnumerable<Finding> Rows(JsonElement expected, LoanSchedule schedule, Currency currency)
    {
        var rows = expected.EnumerateArray().ToList();
        yield return new("rows", $"{rows.Count}", $"{schedule.Instalments.Count}", rows.Count == schedule.Instalments.Count);
        foreach (var (row, instalment) in rows.Zip(schedule.Instalments))
        {
            foreach (var column in row.EnumerateObject())
            {
                var name = $"row {instalment.Number} {column.Name}";
                yield return column.Name switch
                {
                    "nr" => new(name, Text(column.Value), $"{instalment.Number}", Text(column.Value) == instalment.Number.ToString(CultureInfo.InvariantCulture)),
                    "due" => new(name, Text(column.Value), $"{instalment.Due:yyyy-MM-dd}", Text(column.Value) == instalment.Due.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                    "installment" => Same(name, Money.Parse(Text(column.Value), currency), instalment.Total),
                    "interest" => Same(name, Money.Parse(Text(column.Value), currency), instalment.Interest),
                    "principal" => Same(name, Money.Parse(Text(column.Value), currency), instalment.Principal),
                    "balance" => Same(name, Money.Parse(Text(column.Value), currency), instalment.Balance),
                    "paid" => Same(name, Money.Parse(Text(column.Value), currency), instalment.Paid),
                    "in_advance" => Same(name, Money.Parse(Text(column.Value), currency), instalment.PaidInAdvance),
                    "late" => Same(name, Money.Parse(Text(column.Value), currency), instalment.PaidLate),
                    "outstanding" => Same(name, Money.Parse(Text(column.Value), currency), instalment.Total - instalment.Paid),
                    _ => throw new FormatException($"it expects \"{column.Name}\" of a row, which is not understood"),
                };
            }
        }
    }

    private static LoanTerms Terms(JsonElement input)
    {
        var (every, unit) = ((int)Number(input, "repay_every"), Unit(RequiredText(input, "frequency")));
        var periods = input.TryGetProperty("periods", out var given)
            ? [.. given.EnumerateArray().Select(period => new InstalmentPeriod(Day(period, "from"), Day(period, "due")))]
            : LoanTerms.PeriodsOf(Property(input, "disbursements").EnumerateArray().Min(drawn => Day(drawn, "date")), (int)Number(input, "number_of_installments"), every, unit);
        return new(periods, every, unit, AnnualRate(input, "annual_rate_percent"),
            RequiredText(input, "days_in_month") switch
            {
                "DAYS_30" => MonthLength.Thirty,
                "ACTUAL" or "INVALID" => MonthLength.Actual,
                var other => throw new FormatException($"\"{other}\" days in a month are not understood"),
            },
            RequiredText(input, "days_in_year") switch
            {
                "DAYS_360" => YearLength.Days360,
                "DAYS_364" => YearLength.Days364,
                "DAYS_365" => YearLength.Days365,
                "ACTUAL" => YearLength.Actual,
                var other => throw new FormatException($"\"{other}\" days in a year are not understood"),
            },
            (OptionalText(input, "rounding") ?? "HALF_EVEN").Split(' ')[0] switch
            {
                "HALF_EVEN" => Rounding.HalfEven,
                "HALF_UP" => Rounding.HalfUp,
                "DOWN" => Rounding.Down,
                "UP" => Rounding.Up,
                var other => throw new FormatException($"the rounding \"{other}\" is not understood"),
            },
            OptionalText(input, "interest_until") switch
            {
                null => PayoffInterest.UntilPayoff,
                var until when until.Contains("payoff", StringComparison.OrdinalIgnoreCase) || until.Contains("daily", StringComparison.OrdinalIgnoreCase) => PayoffInterest.UntilPayoff,
                var until when DueDay().IsMatch(until) => PayoffInterest.UntilDueDay,
                var until => throw new FormatException($"interest until \"{until}\" is not understood"),
            });
    }

    private static IEnumerable<Finding> UsActuarial(Case apr)
    {
        var input = apr.Input;
        var (whole, part) = input.TryGetProperty("whole_periods_to_first_payment", out _)
            ? ((int)Number(input, "whole_periods_to_first_payment"), input.TryGetProperty("odd_fraction", out _) ? Number(input, "odd_fraction") : 0)
            : UnitPeriods(input);
        var flows = new List<Flow> { new(Number(input, "amount_financed"), 0) };
        foreach (var stream in Property(input, "payment_streams").EnumerateArray())
        {
            var first = whole + (int)Number(stream, "from_payment") - 1;
            flows.AddRange(Enumerable.Range(first, (int)Number(stream, "count")).Select(period => new Flow(-Number(stream, "amount"), period, part)));
        }

        return Percents(apr, _ => 100 * AnnualisedRate.UsActuarial(flows, Number(input, "unit_periods_per_year")), "apr_percent");
    }

    private static (int, decimal) UnitPeriods(JsonElement input)
    {
        var unit = UnitOfTime().Match(RequiredText(input, "unit_period"));
        return unit.Success
            ? AnnualisedRate.UnitPeriods(Day(input, "advance_date"), Day(input, "first_payment_date"), unit.Groups[1].Length == 0 ? 1 : int.Parse(unit.Groups[1].Value, CultureInfo.InvariantCulture), Unit(unit.Groups[2].Value))
            : throw new FormatException("its unit-period is not understood");
    }

    private static IEnumerable<Finding> EffectiveAnnual(Case apr)
    {
        var rate = 100 * (apr.Input.TryGetProperty("flows", out var flows) ? OfFlows(flows) : AnnualisedRate.EffectiveAnnual(MonthlyFlows(apr.Input), 12));
        return Percents(apr, _ => rate, "apr_percent", "apr_percent_published_long");
    }

    /// <summary>Flows with their times: dates, or a number of months, weeks, days or years, whole or with a decimal part.</summary>
    private static decimal OfFlows(JsonElement flows)
    {
        var listed = flows.EnumerateArray().ToList();
        if (listed.Any(flow => flow.TryGetProperty("date", out _)))
        {
            return AnnualisedRate.EffectiveAnnual([.. listed.Select(flow => (Day(flow, "date"), Number(flow, "amount")))]);
        }

        foreach (var (name, perYear) in new[] { ("t_months", 12), ("t_weeks", 52), ("t_days", 365), ("t_years", 1) })
        {
            if (listed.All(flow => flow.TryGetProperty(name, out _)))
            {
                // The coarsest of some finer periods in which all times are whole; decimal text is cut off, so near enough is whole.
                var finer = new[] { 1, 2, 3, 4, 12, 10, 52, 60, 100, 365, 1000, 10_000 }.First(parts => parts == 10_000 || listed.All(flow => Distance(Number(flow, name) * parts) < 0.000_1m));
                return AnnualisedRate.EffectiveAnnual([.. listed.Select(flow => new Flow(Number(flow, "amount"), (int)decimal.Round(Number(flow, name) * finer)))], perYear * finer);
            }
        }

        throw new FormatException("the times of its flows are not understood");

        static decimal Distance(decimal time) => Math.Abs(time - decimal.Round(time));
    }

    /// <summary>The flows of a credit told by its terms: what is lent, fees, and payments at regular times by one of several rules.</summary>
    private static List<Flow> MonthlyFlows(JsonElement input)
    {
        var credit = Number(input, "credit");
        var flows = new List<Flow> { new(credit, 0) };
        var payments = input.TryGetProperty("n", out _) ? (int)Number(input, "n") : 0;
        foreach (var field in input.EnumerateObject())
        {
            var at = AtMonth().Match(field.Name);
            if (at.Success)
            {
                var isLent = field.Name.StartsWith("credit", StringComparison.Ordinal) || field.Name.StartsWith("drawdown", StringComparison.Ordinal);
                flows.Add(new(isLent ? Number(field.Value) : -Number(field.Value), int.Parse(at.Groups[1].Value, CultureInfo.InvariantCulture)));
            }
            else if (field.Name == "rule")
            {
                flows.AddRange(ByRule(credit, Text(field.Value)));
            }
            else if (field.Name == "yearly_growth")
            {
                continue;
            }
            else if (field.Name == "monthly_first_year")
            {
                var growth = Number(input, "yearly_growth");
                var payment = Number(field.Value);
                for (var month = 1; month <= payments; month++)
                {
                    payment = month > 1 && month % 12 == 1 ? decimal.Round(payment * growth, 2) : payment;
                    flows.Add(new(-payment, month));
                }
            }
            else if (Regularly().Match(field.Name) is { Success: true } regularly)
            {
                var apart = regularly.Groups[1].Value switch { "monthly" => 1, "quarterly" => 3, "half_yearly" => 6, _ => 12 };
                var payment = Addends().Matches(Text(field.Value)).Sum(addend => Parse(addend.Value));
                flows.AddRange(Enumerable.Range(1, payments).Select(number => new Flow(-payment, number * apart)));
            }
        }

        return flows;
    }

    /// <summary>Principal by a fixed amount or a share of what is outstanding, with interest on it each month, until all is repaid.</summary>
    private static IEnumerable<Flow> ByRule(decimal credit, string rule)
    {
        var fixedPart = FixedPrincipal().Match(rule);
        var share = SharedPrincipal().Match(rule);
        var interest = MonthlyInterest().Match(rule);
        if (!interest.Success || (!fixedPart.Success && !share.Success))
        {
            throw new FormatException("its rule is not understood");
        }

        var left = credit;
        for (var month = 1; left > 0 && month <= LoanTerms.MostInstalments; month++)
        {
            var principal = fixedPart.Success ? Parse(fixedPart.Groups[1].Value) : Math.Max(left * Parse(share.Groups[1].Value) / 100, share.Groups[2].Success ? Parse(share.Groups[2].Value) : 0);
            principal = Math.Min(left, decimal.Round(principal, 2));
            yield return new(-(principal + decimal.Round(left * Parse(interest.Groups[1].Value) / 1200, 2)), month);
            left -= principal;
        }
    }

    private static IEnumerable<Finding> FeeInstalment(Case fee)
    {
        var input = fee.Input;
        var (principal, periods) = (Amount(input, "principal", Currency.Cny), (int)Number(input, "periods"));
        var total = input.TryGetProperty("total_fee", out _) ? Amount(input, "total_fee", Currency.Cny)
            : input.TryGetProperty("total_fee_percent", out _) ? AnnualRate(input, "total_fee_percent").Of(principal, Rounding.HalfUp)
            : new Rate(AnnualRate(input, "fee_percent_per_period").PartsPerMillion * periods).Of(principal, Rounding.HalfUp);
        var collected = OptionalText(input, "fee_collected") ?? "";
        var instalments = FeeInstalments.Of(principal, total, periods, AtOnce().IsMatch(collected));
        var (simple, compound) = FeeInstalments.Annualised(principal, instalments);
        return Percents(fee, name => 100 * (name.StartsWith("annualised_simple", StringComparison.Ordinal) ? simple : compound),
            "annualised_simple_percent", "annualised_compound_percent", "annualised_simple_percent_computed", "annualised_compound_percent_computed");
    }

    private static IEnumerable<Finding> Pmt(Case tvm) => Value(tvm, -LevelInstalment.Of(
        Number(tvm.Input, "pv"), [.. Enumerable.Repeat(Number(tvm.Input, "rate"), (int)Number(tvm.Input, "nper"))], -OptionalNumber(tvm.Input, "fv"), IsAtStart(tvm.Input)));

    private static IEnumerable<Finding> Rate(Case tvm)
    {
        var (periods, first) = ((int)Number(tvm.Input, "nper"), IsAtStart(tvm.Input) ? 0 : 1);
        return Value(tvm, AnnualisedRate.PerPeriod([new(Number(tvm.Input, "pv"), 0), new(OptionalNumber(tvm.Input, "fv"), periods),
            .. Enumerable.Range(first, periods).Select(period => new Flow(Number(tvm.Input, "pmt"), period))]));
    }

    private static IEnumerable<Finding> Irr(Case tvm) =>
        Value(tvm, AnnualisedRate.PerPeriod([.. Property(tvm.Input, "flows").EnumerateArray().Select((flow, period) => new Flow(Number(flow), period))]));

    private static IEnumerable<Finding> Effect(Case tvm)
    {
        var periods = (int)Number(tvm.Input, "npery");
        return periods < 1 ? throw new FormatException("a year has at least one period") : Value(tvm, AnnualisedRate.Compound(Number(tvm.Input, "nominal") / periods, periods));
    }

    private static bool IsAtStart(JsonElement input) => input.TryGetProperty("when", out var when) && Text(when) is "begin" or "1";

    private static IEnumerable<Finding> Value(Case tvm, decimal got)
    {
        // "relative 1e-6 (1e-3 for IRR-3)": one tolerance for all, another for the case named.
        var own = OwnTolerance().Match(tvm.Tolerance);
        var relative = own.Success && tvm.Id.EndsWith(own.Groups[2].Value, StringComparison.Ordinal) ? Parse(own.Groups[1].Value) : 0.000_001m;
        var expected = Number(tvm.Expected, "value");
        yield return new("value", Plain(expected), Plain(got), Math.Abs(got - expected) <= relative * Math.Max(Math.Abs(expected), 0.000_001m));
    }

    private static IEnumerable<Finding> Percents(Case rates, Func<string, decimal> got, params string[] names)
    {
        foreach (var expected in rates.Expected.EnumerateObject())
        {
            if (!names.Contains(expected.Name))
            {
                throw new FormatException($"it expects \"{expected.Name}\", which is not understood");
            }

            // "0.05 on the 1-decimal figure; 0.002 on the long figure": the first tolerance, or the second for the long one.
            var tolerances = Addends().Matches(rates.Tolerance.Replace("1-decimal", "", StringComparison.Ordinal)).Select(match => Parse(match.Value)).ToList();
            var tolerance = tolerances.Count == 0 ? 0.005m : expected.Name.EndsWith("_long", StringComparison.Ordinal) && tolerances.Count > 1 ? tolerances[1] : tolerances[0];
            var rate = got(expected.Name);
            yield return new(expected.Name, Plain(Number(expected.Value)), Plain(decimal.Round(rate, 8)), Math.Abs(rate - Number(expected.Value)) <= tolerance);
        }
    }

    private static Finding Same(string name, Money expected, Money got) => new(name, expected.Amount(), got.Amount(), expected == got);

    private static PeriodUnit Unit(string name) => name.ToUpperInvariant().TrimEnd('S') switch
    {
        "DAY" => PeriodUnit.Days,
        "WEEK" => PeriodUnit.Weeks,
        "MONTH" => PeriodUnit.Months,
        "YEAR" => PeriodUnit.Years,
        _ => throw new FormatException($"\"{name}\" is no unit of time that is understood"),
    };

    /// <summary>Percent, to four decimal places: what <see cref="Ledger.Rate"/> holds.</summary>
    private static Rate AnnualRate(JsonElement owner, string name)
    {
        var partsPerMillion = Number(owner, name) * 10_000;
        return decimal.IsInteger(partsPerMillion) && partsPerMillion is >= 0 and <= Ledger.Rate.Highest
            ? new((long)partsPerMillion)
            : throw new FormatException($"the rate {Plain(partsPerMillion / 10_000)} % is below zero, too high or has more than four decimal places");
    }

    private static Money Amount(JsonElement owner, string name, Currency currency) => Money.Parse(RequiredText(owner, name), currency);

    private static DateOnly Day(JsonElement owner, string name) =>
        DateOnly.TryParseExact(RequiredText(owner, name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw new FormatException($"its \"{name}\" is no day");

    private static decimal Number(JsonElement owner, string name) => Number(Property(owner, name));

    private static decimal OptionalNumber(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? Number(value) : 0;

    /// <summary>A number, or a quotient of two: <c>0.1/12</c>.</summary>
    private static decimal Number(JsonElement value) => Text(value).Split('/') switch
    {
        [var whole] => Parse(whole),
        [var dividend, var divisor] => Parse(dividend) / Parse(divisor),
        _ => throw new FormatException($"\"{Text(value)}\" is no number"),
    };

    private static decimal Parse(string text) =>
        decimal.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"\"{text}\" is no number");

    private static string Plain(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);

    private static JsonElement Property(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value : throw new FormatException($"it has no \"{name}\"");

    private static string RequiredText(JsonElement owner, string name) => Text(Property(owner, name));

    private static string? OptionalText(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? Text(value) : null;

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        _ => throw new FormatException($"{value.GetRawText()} is neither text nor a number"),
    };

    [GeneratedRegex("due|rest|period|inst", RegexOptions.IgnoreCase)]
    private static partial Regex DueDay();

    [GeneratedRegex(@"^(?:(\d+) )?(days?|weeks?|months?|years?)$", RegexOptions.IgnoreCase)]
    private static partial Regex UnitOfTime();

    [GeneratedRegex(@"(?:_month_|_at_)(\d+)$")]
    private static partial Regex AtMonth();

    [GeneratedRegex("^(monthly|quarterly|half_yearly|yearly)(_|$)")]
    private static partial Regex Regularly();

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Addends();

    [GeneratedRegex(@"([\d.]+) principal a month")]
    private static partial Regex FixedPrincipal();

    [GeneratedRegex(@"([\d.]+)% of outstanding principal(?: \(min ([\d.]+)\))?")]
    private static partial Regex SharedPrincipal();

    [GeneratedRegex(@"interest ([\d.]+)%/12")]
    private static partial Regex MonthlyInterest();

    [GeneratedRegex("once|one-time|one-off|upfront|up front|first|一次", RegexOptions.IgnoreCase)]
    private static partial Regex AtOnce();

    [GeneratedRegex(@"\(([\d.e-]+) for ([^)]+)\)")]
    private static partial Regex OwnTolerance();
}
