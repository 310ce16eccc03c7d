using System.Globalization;
using Peony.Book;
using Peony.Customers;
using Peony.Notices;
using Peony.Wallet;

namespace Peony.Withdrawals;

/// <summary>The other enrolled device a code is pushed to; none for a text message.</summary>
internal readonly record struct PushTarget(DeviceId? Device);

/// <summary>What making the first and every later code of a withdrawal have in common.</summary>
internal static class CodeIssue
{
    /// <summary>The purpose by which messages name our codes.</summary>
    public const string Purpose = "withdrawal";

    public static string ExpiryTimer(WithdrawalId withdrawal) => $"withdrawal/{withdrawal.Value}/code";

    public static string Reference(WithdrawalId withdrawal, int number) => $"{withdrawal.Value}/{number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Refuses when so many codes were issued or mistyped lately that no new one may be made.</summary>
    public static Refusal? RefuseIssue(WithdrawalCounters counters, CodeRules rules)
    {
        if (counters.NextTry(rules) is { } nextTry)
        {
            return WithdrawalRefusals.TooManyTries.With("until", nextTry.ToString("O", CultureInfo.InvariantCulture));
        }

        return counters.NextIssue(rules) is { } nextIssue ? WithdrawalRefusals.TooManyCodes.With("until", nextIssue.ToString("O", CultureInfo.InvariantCulture)) : null;
    }

    /// <summary>Where the code goes: the customer's phone, or the one of their other devices they signed in on last.</summary>
    public static Result<PushTarget> Target(IWork work, Caller caller, CodeChannel channel)
    {
        if (channel == CodeChannel.Sms)
        {
            return new PushTarget(null);
        }

        var other = new ReadDevices(caller.Customer).Handle(work).Value.Devices.Where(device => device.Id != caller.Device).MaxBy(device => device.LastSignInAt);
        return other is null ? WithdrawalRefusals.NoOtherDevice : new PushTarget(other.Id);
    }

    /// <summary>Makes a code: nonce, hold, timer, message and inbox line, all in this work. What an earlier code of the withdrawal held is released with the same entry.</summary>
    public static Withdrawal Make(IWork work, Withdrawal withdrawal, CodeChannel channel, PushTarget to)
    {
        var rules = work.Use<WithdrawalRules>().Code;
        if (withdrawal.Card is null)
        {
            WalletAccounts.Open(work, withdrawal.Customer);
        }

        var code = new LiveCode(withdrawal.CodesIssued + 1, work.Nonce(WithdrawalCodes.NonceLength), channel, to.Device, work.Now, work.Now + rules.Life);
        var held = work.Post(WithdrawalPostings.Held(withdrawal, code.Number, code.ExpiresAt));
        var issued = withdrawal.Issue(code, held.Holds).Value;
        work.Save(issued);
        work.SetTimer(ExpiryTimer(issued.Id), code.ExpiresAt, new ExpireWithdrawal(issued.Id, code.Number), TimerClass.Expiry);
        new SendCode(issued.Customer, new CodeReference(Purpose, Reference(issued.Id, code.Number)), issued.Card is null ? "withdrawal.code_to_wallet" : "withdrawal.code",
            WithdrawalNotices.Arguments(issued, rules), channel switch
            {
                CodeChannel.Sms => MessageChannel.Sms,
                CodeChannel.Push => MessageChannel.Push,
            }, to.Device, code.ExpiresAt).Handle(work);
        WithdrawalNotices.Tell(work, issued, "withdrawal.code_sent", onlyToAsker: true);
        work.Tell(issued.Changed());
        return issued;
    }
}
