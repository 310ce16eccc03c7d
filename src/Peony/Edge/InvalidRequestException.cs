namespace Peony.Edge;

/// <summary>Text from the caller that cannot be read: which field, and why in both languages. Answered 400.</summary>
internal sealed class InvalidRequestException(string field, string english, string chinese) : Exception($"{field}: {english}")
{
    /// <summary>The path of the field in the request, such as <c>amount</c> or <c>card.number</c>.</summary>
    public string Field { get; } = field;

    public string English { get; } = english;

    public string Chinese { get; } = chinese;
}
