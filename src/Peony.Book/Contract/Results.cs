namespace Peony.Book;

/// <summary>Which kind of no a refusal is; edges map it to their own status.</summary>
public enum RefusalKind
{
    /// <summary>It does not exist, or belongs to somebody else (the two look alike). HTTP 404.</summary>
    NotFound = 1,

    /// <summary>The money is not there, or a limit says no. HTTP 402.</summary>
    Declined = 2,

    /// <summary>The business says no. HTTP 422.</summary>
    Refused = 3,

    /// <summary>The key or the version was used otherwise. HTTP 409.</summary>
    Conflict = 4,
}

/// <summary>A fact about the world that makes the command impossible. Stored and replayed like any other answer.</summary>
/// <param name="Code">Dotted name, capability first: <c>withdrawal.code_expired</c>.</param>
/// <param name="Arguments">Values the text on the screen needs (an amount left, a time), never personal data.</param>
public sealed record Refusal(string Code, RefusalKind Kind, IReadOnlyDictionary<string, string>? Arguments = null)
{
    /// <summary>The same refusal with one more argument for its text.</summary>
    public Refusal With(string name, object value) => this with
    {
        Arguments = new Dictionary<string, string>(Arguments ?? new Dictionary<string, string>())
        {
            [name] = Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "",
        },
    };

    /// <summary>Refusals are equal by code: arguments only dress the text.</summary>
    public bool Is(Refusal other) => Code == other.Code;
}

/// <summary>Either a value or a refusal.</summary>
public readonly struct Result<T>
{
    private readonly T? _value;
    private readonly Refusal? _refusal;

    private Result(T? value, Refusal? refusal)
    {
        _value = value;
        _refusal = refusal;
    }

    public bool IsDone => _refusal is null;

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public T Value => _refusal is null ? _value! : throw new InvalidOperationException($"Refused: {_refusal.Code}.");

    /// <summary>The refusal, or null.</summary>
    public Refusal? Refusal => _refusal;

    /// <summary>True with the refusal; otherwise false with the value.</summary>
    public bool IsRefused([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Refusal? refusal,
        [System.Diagnostics.CodeAnalysis.MaybeNullWhen(true)] out T value)
    {
        refusal = _refusal;
        value = _value;
        return refusal is not null;
    }

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>The reply of a command that has nothing to say.</summary>
public readonly record struct Done;
