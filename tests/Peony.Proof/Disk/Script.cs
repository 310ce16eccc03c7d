using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Peony.Bench;
using Peony.Book;

namespace Peony.Proof;

/// <summary>What a line of the driver's log asks for.</summary>
internal enum Act
{
    /// <summary>A customer with a line, a card and money.</summary>
    Plant,
    Buy,

    /// <summary>Asks for a withdrawal.</summary>
    Ask,
    Redeem,
    Cancel,

    /// <summary>Makes a personal key and seals a text under it.</summary>
    Seal,

    /// <summary>Destroys the personal key, as an erasure does.</summary>
    Destroy,
}

/// <summary>A command as it was sent, with all that is needed to send it again under the same key.</summary>
/// <param name="Person">The number of the plant command that made the customer.</param>
/// <param name="Subject">The withdrawal.</param>
internal sealed record Sent(int Number, Act Act, int Person = 0, long Minor = 0, string? Subject = null, string? Code = null)
{
    /// <summary>The same for every try.</summary>
    [JsonIgnore]
    public string Key => $"key-{Number}";

    [JsonIgnore]
    public string Owner => $"owner-{Person}";
}

/// <summary>What the driver was told: a reply or a refusal, as text.</summary>
internal sealed record Told(string? Reply, string? Refusal)
{
    public override string ToString() => Refusal is null ? Reply ?? "" : "refused " + Refusal;
}

/// <summary>One line of the driver's log: a command before it is handed in, or its answer after.</summary>
internal sealed record LogLine(Sent? Sent, int Number, Told? Told)
{
    private static readonly JsonSerializerOptions Options = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    public byte[] Bytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Options), (byte)'\n'];

    public static LogLine Parse(ReadOnlySpan<byte> line) => JsonSerializer.Deserialize<LogLine>(line, Options) ?? throw new FormatException("An empty line in the driver's log.");
}

/// <summary>What callers know: every command they sent, in order, and which were answered how. It is written to the driver's log and read back from it.</summary>
internal sealed class Script
{
    private readonly Dictionary<int, Told> _told = [];

    public List<Sent> Sent { get; } = [];

    public IReadOnlyDictionary<int, Told> Told => _told;

    public static BenchPerson PersonOf(Told told) => JsonSerializer.Deserialize<BenchPerson>(told.Reply!, BookJson.Options)!;

    /// <summary>The customers whose making was answered.</summary>
    public Dictionary<int, BenchPerson> People() => Sent.Where(sent => sent.Act == Act.Plant && _told.ContainsKey(sent.Number)).ToDictionary(sent => sent.Number, sent => PersonOf(_told[sent.Number]));

    public static Script Read(string file)
    {
        var script = new Script();
        foreach (var line in File.ReadLines(file, Encoding.UTF8))
        {
            script.Add(LogLine.Parse(Encoding.UTF8.GetBytes(line)));
        }

        return script;
    }

    /// <summary>What is known by now.</summary>
    public Script Copy()
    {
        var copy = new Script();
        copy.Sent.AddRange(Sent);
        foreach (var (number, told) in _told)
        {
            copy._told.Add(number, told);
        }

        return copy;
    }

    public void Write(string file)
    {
        using var log = new FileStream(file, FileMode.Create);
        foreach (var sent in Sent)
        {
            log.Write(new LogLine(sent, sent.Number, null).Bytes());
        }

        foreach (var (number, told) in _told)
        {
            log.Write(new LogLine(null, number, told).Bytes());
        }
    }

    public void Add(LogLine line)
    {
        if (line.Sent is { } sent)
        {
            Sent.Add(sent);
        }
        else
        {
            _told[line.Number] = line.Told!;
        }
    }
}
