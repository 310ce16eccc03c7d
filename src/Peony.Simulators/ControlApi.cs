using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peony.Simulators.Bank;
using Peony.Simulators.Bureau;
using Peony.Simulators.Mail;
using Peony.Simulators.Sms;

namespace Peony.Simulators;

/// <summary>How sandboxes and tests drive the simulators.</summary>
internal static class ControlApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var control = app.MapGroup("control");
        control.MapGet("faults", Current);
        control.MapPost("faults", (Faults faults, BankSimulator bank, SmsSimulator sms, BureauSimulator bureau, MailSimulator mail) =>
        {
            bank.Faults = faults.Bank ?? bank.Faults;
            sms.Faults = faults.Sms ?? sms.Faults;
            bureau.Faults = faults.Bureau ?? bureau.Faults;
            mail.Faults = faults.Mail ?? mail.Faults;
            return Current(bank, sms, bureau, mail);
        });
        control.MapPost("clock", async (ClockPush push, SimulatorClock clock, BankSimulator bank, BankReports reports, SmsSimulator sms, HttpContext http) =>
        {
            clock.MoveTo(push.Now);
            bank.Step();
            await reports.DrainAsync(http.RequestAborted);
            return State(clock, bank, reports, sms);
        });
        control.MapPost("callback", (ReportTarget target, BankReports reports) =>
        {
            reports.Target = target.Url;
            return Results.NoContent();
        });
        control.MapGet("state", State);
        control.MapPost("reset", (BankSimulator bank, SmsSimulator sms, BureauSimulator bureau, MailSimulator mail) =>
        {
            bank.Reset();
            sms.Reset();
            bureau.Reset();
            mail.Reset();
            return Results.NoContent();
        });
        control.MapGet("messages", (SmsSimulator sms, string? to) => new { Messages = sms.Inbox(to) });
        control.MapGet("mail", (MailSimulator mail, string? to) => new { Messages = mail.Inbox(to), mail.HandedOver });
    }

    private static Faults Current(BankSimulator bank, SmsSimulator sms, BureauSimulator bureau, MailSimulator mail) => new(bank.Faults, sms.Faults, bureau.Faults, mail.Faults);

    /// <summary>What came in and what is still to happen: whoever steps a clock goes to <c>next_due</c> once <c>is_quiet</c> is true.</summary>
    private static SimulatorState State(SimulatorClock clock, BankSimulator bank, BankReports reports, SmsSimulator sms) => new(
        clock.Now, Earliest(bank.NextDue, sms.NextDue), reports.IsQuiet, bank.Orders(), sms.Count);

    private static DateTimeOffset? Earliest(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right ?? left : left;

    internal sealed record ClockPush(DateTimeOffset Now);

    internal sealed record ReportTarget(Uri? Url = null);

    internal sealed record SimulatorState(DateTimeOffset Now, DateTimeOffset? NextDue, bool IsQuiet, IReadOnlyList<BankOrderView> Orders, int Messages);
}
