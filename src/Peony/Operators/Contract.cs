using Peony.Book;

namespace Peony.Operators;

public readonly record struct OperatorId(string Value) : IId<OperatorId>
{
    public static string Prefix => "op";
    public static OperatorId Of(string value) => new(value);
    public override string ToString() => Value;
}

public readonly record struct OperatorSessionId(string Value) : IId<OperatorSessionId>
{
    public static string Prefix => "os";
    public static OperatorSessionId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>What an operator may do. Each role may do what the ones before it may.</summary>
public enum OperatorRole
{
    /// <summary>Looks customers up and answers them.</summary>
    Support = 1,

    /// <summary>Decides what waits for a review.</summary>
    Reviewer = 2,

    /// <summary>Invites and disables operators.</summary>
    Admin = 3,
}

/// <summary>The signed-in operator as other capabilities see it.</summary>
internal sealed record OperatorCaller(OperatorId Operator, OperatorSessionId Session, string Name, OperatorRole Role);
