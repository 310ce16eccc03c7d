using System.Text.Json;
using Peony.Book;

namespace Peony.Credit;

/// <summary>When a reason is offered.</summary>
internal enum LineReasonFor
{
    Raise = 1,
    Lower,
    Freeze,
    Unfreeze,
}

/// <param name="For">What it can be the reason of.</param>
/// <param name="Zh">What the customer reads, a whole sentence.</param>
internal sealed record LineReasonRow(string Code, IReadOnlyList<LineReasonFor> For, string Zh, string En);

/// <summary>
/// Why operators change lines, as data: the customer reads the reason's words in the history and in the notice. The file is part of the program; an operator's own
/// <c>rules/line-reasons.json</c> in the data folder stands in its place.
/// </summary>
internal sealed record LineReasons(IReadOnlyList<LineReasonRow> Reasons)
{
    private const string FileName = "line-reasons.json";

    public static LineReasons Shipped()
    {
        using var stream = typeof(LineReasons).Assembly.GetManifestResourceStream("Peony.Credit." + FileName)
            ?? throw new InvalidOperationException("The reasons of line changes are not in the program.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>The operator's reasons if there are any, else those of the program.</summary>
    public static LineReasons Load(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "rules", FileName);
        return File.Exists(path) ? Parse(File.ReadAllText(path)) : Shipped();
    }

    /// <exception cref="InvalidOperationException">The file is not well formed, names a code twice, or has none for something; the program does not start with it.</exception>
    public static LineReasons Parse(string json)
    {
        LineReasons reasons;
        try
        {
            reasons = JsonSerializer.Deserialize<LineReasons>(json, Strict)!;
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"{FileName}, line {exception.LineNumber + 1}: {exception.Message}", exception);
        }

        if (reasons.Reasons.GroupBy(reason => reason.Code).FirstOrDefault(rows => rows.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException($"{FileName} has the reason {twice.Key} twice.");
        }

        if (reasons.Reasons.FirstOrDefault(reason => reason.Code.Length == 0 || reason.Zh.Length == 0 || reason.En.Length == 0) is { } empty)
        {
            throw new InvalidOperationException($"{FileName}: the reason '{empty.Code}' has a code and words in both languages.");
        }

        foreach (var one in Enum.GetValues<LineReasonFor>())
        {
            if (!reasons.Of(one).Any())
            {
                throw new InvalidOperationException($"{FileName} has no reason to {one}, so no line could be changed like that.");
            }
        }

        return reasons;
    }

    public IEnumerable<LineReasonRow> Of(LineReasonFor what) => Reasons.Where(reason => reason.For.Contains(what));

    /// <summary>The reason of a change in its words of today, or null where the code is not one for such a change.</summary>
    /// <param name="isLower">Of a limit: whether it is lowered.</param>
    public LineReason? Find(LineChangeKind kind, bool isLower, string code)
    {
        var what = kind switch
        {
            LineChangeKind.Limit => isLower ? LineReasonFor.Lower : LineReasonFor.Raise,
            LineChangeKind.Freeze => LineReasonFor.Freeze,
            LineChangeKind.Unfreeze => LineReasonFor.Unfreeze,
        };
        return Of(what).FirstOrDefault(reason => reason.Code == code) is { } row ? new LineReason(row.Code, row.Zh, row.En) : null;
    }

    private static readonly JsonSerializerOptions Strict = new(BookJson.Options)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };
}
