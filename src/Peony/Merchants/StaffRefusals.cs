using Peony.Book;

namespace Peony.Merchants;

/// <summary>Why somebody may not act for a merchant, or a change of its staff cannot be.</summary>
internal static class StaffRefusals
{
    /// <summary>Whoever asks does not work for the merchant.</summary>
    public static readonly Refusal NotStaff = new("merchant.not_staff", RefusalKind.Refused);

    /// <summary>Their role does not reach.</summary>
    public static readonly Refusal RightMissing = new("merchant.right_missing", RefusalKind.Refused);

    /// <summary>Nobody has this account, or it was erased.</summary>
    public static readonly Refusal Unknown = new("merchant.staff_unknown", RefusalKind.NotFound);

    /// <summary>They have a role at the merchant.</summary>
    public static readonly Refusal Already = new("merchant.staff_already", RefusalKind.Conflict);

    /// <summary>There is no such member of the staff.</summary>
    public static readonly Refusal NotFound = new("merchant.staff_not_found", RefusalKind.NotFound);

    /// <summary>A merchant keeps an owner.</summary>
    public static readonly Refusal LastOwner = new("merchant.staff_last_owner", RefusalKind.Conflict);

    /// <summary>The argument <c>most</c> is how many there may be.</summary>
    public static readonly Refusal TooMany = new("merchant.staff_too_many", RefusalKind.Refused);

    /// <summary>The argument <c>most</c> is how many characters a name may have.</summary>
    public static readonly Refusal NameInvalid = new("merchant.staff_name_invalid", RefusalKind.Refused);
}
