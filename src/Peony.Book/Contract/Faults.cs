using Peony.Ledger;

namespace Peony.Book;

/// <summary>The Book cannot take the command now: overloaded, standing by, or the database is away. Nothing moved. HTTP 503 with Retry-After.</summary>
public class BookUnavailableException(string message, int retryAfterSeconds = 1, Exception? inner = null) : Exception(message, inner)
{
    public int RetryAfterSeconds { get; } = retryAfterSeconds;
}

/// <summary>
/// The tables cannot be read now: behind the journal, or the database is away. Nothing was read; what a command did before that read is done. HTTP 503 with Retry-After.
/// </summary>
public sealed class ReadUnavailableException(string message, int retryAfterSeconds = 1, Exception? inner = null) : BookUnavailableException(message, retryAfterSeconds, inner);

/// <summary>Nobody can say whether the command was carried out; the same key will tell. HTTP 503, money unknown.</summary>
public sealed class OutcomeUnknownException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The slice threw: a defect, undone alone. HTTP 500, not moved.</summary>
public sealed class CommandFailedException(string command, Exception inner) : Exception($"{command} failed: {inner.Message}", inner);

public sealed class RecordMissingException(string type, string id) : Exception($"No {type} with id {id}.");

public sealed class UniqueIndexException(string type, string index) : Exception($"Another {type} has the same value in unique index {index}.");

public sealed class PostingRejectedException(EntryKey key, PostingOutcome outcome)
    : Exception($"Entry {key} was rejected by the posting rule: {outcome}.")
{
    public PostingOutcome Outcome { get; } = outcome;
}

public sealed class DuplicateEntryException(EntryKey key) : Exception($"Entry {key} was posted before.");
