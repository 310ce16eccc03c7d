using Peony.Book;

namespace Peony.Operators;

/// <summary>What this capability says no to.</summary>
internal static class OperatorsRefusals
{
    public static readonly Refusal SessionEnded = new("operator.session_ended", RefusalKind.Refused);
    public static readonly Refusal RoleTooLow = new("operator.role_too_low", RefusalKind.Refused);
    public static readonly Refusal InvitationNotGood = new("operator.invitation_not_good", RefusalKind.NotFound);
    public static readonly Refusal AlreadyInstalled = new("operator.already_installed", RefusalKind.Refused);
    public static readonly Refusal NameInUse = new("operator.name_in_use", RefusalKind.Refused);
    public static readonly Refusal NotFound = new("operator.not_found", RefusalKind.NotFound);
    public static readonly Refusal LastAdmin = new("operator.last_admin", RefusalKind.Refused);
    public static readonly Refusal OwnWork = new("operator.own_work", RefusalKind.Refused);
    public static readonly Refusal ReasonNeeded = new("operator.reason_needed", RefusalKind.Refused);
}
