using System.Text.Json;
using System.Text.Json.Serialization;
using Peony.Ledger;

namespace Peony.Book;

/// <summary>An index of a record type: its name and how its value is taken. A null value is not indexed.</summary>
public sealed record IndexDeclaration(string Name, bool IsUnique, Func<IRecord, string?> Value);

/// <summary>A record type: its table, schema number, indexes and upgrades. The table follows from this and nothing else.</summary>
public abstract class RecordDeclaration(string name, int schema)
{
    private readonly List<IndexDeclaration> _indexes = [];

    /// <summary>Table name: lower case, underscores.</summary>
    public string Name { get; } = name;

    /// <summary>The number of the body's shape, 1 and up; an older body is upgraded when it is read.</summary>
    public int Schema { get; } = schema;

    public IReadOnlyList<IndexDeclaration> Indexes => _indexes;

    public abstract Type Type { get; }

    internal abstract IRecord Read(ReadOnlySpan<byte> body, int schema);

    internal abstract byte[] Write(IRecord record);

    protected void AddIndex(IndexDeclaration index) => _indexes.Add(index);
}

public sealed class RecordDeclaration<T>(string name, int schema) : RecordDeclaration(name, schema)
    where T : class, IRecord
{
    private readonly Dictionary<int, Func<System.Text.Json.Nodes.JsonObject, System.Text.Json.Nodes.JsonObject>> _upgrades = [];

    public override Type Type => typeof(T);

    /// <summary>An equality index, at most a few hundred records a value when a slice reads it.</summary>
    public RecordDeclaration<T> Index(string name, Func<T, string?> value)
    {
        AddIndex(new IndexDeclaration(name, false, record => value((T)record)));
        return this;
    }

    /// <summary>A unique index: at most one record a value.</summary>
    public RecordDeclaration<T> Unique(string name, Func<T, string?> value)
    {
        AddIndex(new IndexDeclaration(name, true, record => value((T)record)));
        return this;
    }

    /// <summary>How a body of schema <paramref name="from"/> becomes one of schema <paramref name="from"/> + 1.</summary>
    public RecordDeclaration<T> Upgrade(int from, Func<System.Text.Json.Nodes.JsonObject, System.Text.Json.Nodes.JsonObject> upgrade)
    {
        _upgrades.Add(from, upgrade);
        return this;
    }

    internal override IRecord Read(ReadOnlySpan<byte> body, int schema)
    {
        if (schema > Schema)
        {
            throw new InvalidOperationException($"A {Name} record has schema {schema}; this program knows {Schema}. Start a newer program.");
        }

        if (schema == Schema)
        {
            return JsonSerializer.Deserialize<T>(body, BookJson.Options)!;
        }

        var node = JsonSerializer.Deserialize<System.Text.Json.Nodes.JsonObject>(body, BookJson.Options)!;
        for (var from = schema; from < Schema; from++)
        {
            node = _upgrades.TryGetValue(from, out var upgrade)
                ? upgrade(node)
                : throw new InvalidOperationException($"No upgrade of {Name} from schema {from}.");
        }

        return node.Deserialize<T>(BookJson.Options)!;
    }

    internal override byte[] Write(IRecord record) => JsonSerializer.SerializeToUtf8Bytes((T)record, BookJson.Options);
}

/// <summary>A check that <c>verify</c> makes over a capability's own records and accounts, beyond what the Book checks itself.</summary>
/// <param name="Name">What must hold, as a sentence fragment: "open withdrawals' holds".</param>
/// <param name="Check">Returns the first thing that is wrong, or null.</param>
public sealed record ControlTotal(string Name, Func<IControlContext, string?> Check);

/// <summary>What a control total may look at: one consistent state of the tables.</summary>
public interface IControlContext
{
    DateTimeOffset Now { get; }

    /// <summary>Every record of the type, by id.</summary>
    IEnumerable<T> All<T>()
        where T : class, IRecord;

    /// <summary>Those whose id comes after this text: of ids that carry their time, what came since <see cref="Ids.Least{TId}"/> of a moment.</summary>
    IEnumerable<T> AllAfter<T>(string id)
        where T : class, IRecord => All<T>().Where(record => string.CompareOrdinal(record.Key, id) > 0);

    AccountState Account(LedgerAccountId account);

    HoldState Hold(HoldId hold);

    /// <summary>Every account whose id starts with the prefix, with its id.</summary>
    IEnumerable<(LedgerAccountId Id, AccountState State)> Accounts(string prefix);

    /// <summary>The entry of the fact: its kind and postings, or null.</summary>
    (string Kind, IReadOnlyList<Posting> Postings)? Entry(EntryKey key);
}

/// <summary>
/// Everything the Book must know of the capabilities: records, commands, events, effects, system accounts and control totals.
/// Filled by each <c>XxxModule</c> at start, then fixed.
/// </summary>
public sealed class BookSchema
{
    private readonly Dictionary<Type, RecordDeclaration> _records = [];
    private readonly Dictionary<string, RecordDeclaration> _recordsByName = [];
    private readonly Dictionary<Type, string> _commandNames = [];
    private readonly Dictionary<string, Type> _commands = [];
    private readonly Dictionary<Type, string> _eventNames = [];
    private readonly Dictionary<string, Type> _events = [];
    private readonly Dictionary<Type, List<string>> _effects = [];
    private readonly Dictionary<string, AccountDefinition> _systemAccounts = [];
    private readonly List<ControlTotal> _controls = [];

    private readonly Dictionary<Type, object> _constants = [];

    public IReadOnlyCollection<RecordDeclaration> Records => _recordsByName.Values;

    public IReadOnlyCollection<ControlTotal> Controls => _controls;

    /// <summary>The name of every effect that acts on some event.</summary>
    public IEnumerable<string> Effects => _effects.Values.SelectMany(effects => effects).Distinct();

    public IReadOnlyDictionary<string, AccountDefinition> SystemAccounts => _systemAccounts;

    public RecordDeclaration<T> Record<T>(string name, int schema = 1)
        where T : class, IRecord
    {
        var declaration = new RecordDeclaration<T>(name, schema);
        _records.Add(typeof(T), declaration);
        _recordsByName.Add(name, declaration);
        return declaration;
    }

    /// <summary>Names a command for the journal, timers and metrics. Every command must be named.</summary>
    public void Command<T>(string name)
        where T : ICommand
    {
        _commandNames.Add(typeof(T), name);
        _commands.Add(name, typeof(T));
    }

    public void Event<T>(string name)
        where T : IEvent
    {
        _eventNames.Add(typeof(T), name);
        _events.Add(name, typeof(T));
        _effects.TryAdd(typeof(T), []);
    }

    /// <summary>Says that the named effect acts on the event. The name stands in the journal: it must not change.</summary>
    public void EffectOn<TEvent>(string effect)
        where TEvent : IEvent
    {
        _effects.TryAdd(typeof(TEvent), []);
        _effects[typeof(TEvent)].Add(effect);
    }

    /// <summary>An account of the operator's own, opened when it is first used.</summary>
    public void SystemAccount(AccountDefinition definition) => _systemAccounts.Add(definition.Id.Value, definition);

    /// <summary>Something pure and immutable that slices reach with <see cref="IWork.Use{T}"/>: a rule file, a derived key. One of a type.</summary>
    public void Constant<T>(T value)
        where T : class => _constants.Add(typeof(T), value);

    public void Control(string name, Func<IControlContext, string?> check) => _controls.Add(new ControlTotal(name, check));

    internal T ConstantOf<T>()
        where T : class =>
        _constants.TryGetValue(typeof(T), out var value) ? (T)value : throw new InvalidOperationException($"No module registered a {typeof(T).Name}.");

    internal RecordDeclaration RecordOf(Type type) =>
        _records.TryGetValue(type, out var declaration) ? declaration : throw new InvalidOperationException($"{type.Name} is no declared record.");

    internal RecordDeclaration? RecordOf(string name) => _recordsByName.GetValueOrDefault(name);

    internal string NameOf(ICommand command) =>
        _commandNames.TryGetValue(command.GetType(), out var name) ? name : throw new InvalidOperationException($"{command.GetType().Name} is no named command.");

    /// <summary>The command's name, or its type's where it was given none: for metrics, which never fail.</summary>
    internal string NameOrTypeOf(ICommand command) => _commandNames.TryGetValue(command.GetType(), out var name) ? name : command.GetType().Name;

    internal string NameOf(IEvent @event) =>
        _eventNames.TryGetValue(@event.GetType(), out var name) ? name : throw new InvalidOperationException($"{@event.GetType().Name} is no named event.");

    internal Type CommandType(string name) =>
        _commands.TryGetValue(name, out var type) ? type : throw new InvalidOperationException($"No command is named {name}.");

    internal Type EventType(string name) =>
        _events.TryGetValue(name, out var type) ? type : throw new InvalidOperationException($"No event is named {name}.");

    internal IReadOnlyList<string> EffectsOf(Type @event) => _effects.TryGetValue(@event, out var effects) ? effects : [];
}

/// <summary>The one way bodies of records, commands, events and replies are written: camelCase, enums as text, ids as text, Chinese as it is.</summary>
public static class BookJson
{
    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.General)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // What is computed (a record's key, whether an amount is zero) follows from the rest and would only make frames longer.
            IgnoreReadOnlyProperties = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            RespectNullableAnnotations = true,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        options.Converters.Add(new IdConverterFactory());
        options.Converters.Add(new CurrencyConverter());
        return options;
    }

    private sealed class CurrencyConverter : JsonConverter<Currency>
    {
        public override Currency Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Currency.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, Currency value, JsonSerializerOptions options) => writer.WriteStringValue(value.Code);
    }

    private sealed class IdConverterFactory : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsValueType
            && typeToConvert.GetInterfaces().Any(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IId<>));

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(IdConverter<>).MakeGenericType(typeToConvert))!;
    }

    private sealed class IdConverter<T> : JsonConverter<T>
        where T : struct, IId<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => T.Of(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
