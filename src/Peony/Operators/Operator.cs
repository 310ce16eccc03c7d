using Peony.Book;

namespace Peony.Operators;

/// <summary>Somebody of the operator's own staff. The name is the one they sign in with and others see.</summary>
internal sealed record Operator(OperatorId Id, string Name, OperatorRole Role, DateTimeOffset EnrolledAt) : IRecord
{
    public DateTimeOffset? DisabledAt { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => Id.Value;

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsActive => DisabledAt is null;
}

/// <summary>A sign-in of an operator; the cookie carries only its id.</summary>
internal sealed record OperatorSession(OperatorSessionId Id, OperatorId Operator, string Method, DateTimeOffset StartedAt) : IRecord
{
    public DateTimeOffset? EndedAt { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => Id.Value;
}

public readonly record struct InvitationId(string Value) : IId<InvitationId>
{
    public static string Prefix => "inv";
    public static InvitationId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>A one-time link by which somebody becomes an operator. Only a keyed hash of its token is kept.</summary>
/// <param name="InvitedBy">Null for the first operator, whose link the installation prints.</param>
internal sealed record Invitation(InvitationId Id, string TokenHash, string? Name, OperatorRole Role, OperatorId? InvitedBy, DateTimeOffset ExpiresAt) : IRecord
{
    public static readonly TimeSpan Life = TimeSpan.FromDays(1);

    public DateTimeOffset? UsedAt { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => Id.Value;

    public bool IsGoodAt(DateTimeOffset now) => UsedAt is null && now < ExpiresAt;
}

public readonly record struct DataViewId(string Value) : IId<DataViewId>
{
    public static string Prefix => "pv";
    public static DataViewId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>That an operator looked at personal data: whose, what, and why. Written before the data are shown, and part of the chain like everything else.</summary>
/// <param name="Customer">The customer's id as text; erased customers stay in the audit by their id alone.</param>
/// <param name="What">In the glossary's words: <c>contact</c>, <c>id_number</c>, <c>photos</c>, <c>bank_file</c>.</param>
/// <param name="Reason">The operator's own words or the reference of a case; no personal data.</param>
internal sealed record DataView(DataViewId Id, OperatorId Operator, string Customer, string What, string Reason, DateTimeOffset At) : IRecord
{
    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => Id.Value;
}
