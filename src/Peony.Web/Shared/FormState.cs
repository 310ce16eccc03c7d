using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Peony.Web.Shared;

/// <summary>A posted form: its fields, the errors beside them, and the problem above them.</summary>
public sealed class FormState
{
    private readonly IFormCollection _fields;

    internal FormState(IFormCollection? fields = null)
    {
        _fields = fields ?? FormCollection.Empty;
        Key = NewKey();
    }

    /// <summary>
    /// The idempotency key the next rendering of the form carries. It is minted before the first try; the browser's repeats send it again.
    /// After a refusal the form gets a new one, because the person will change something; after an unknown outcome it keeps the old one.
    /// </summary>
    public string Key { get; private set; }

    public Dictionary<string, string> Errors { get; } = [];

    public Problem? Problem { get; set; }

    public bool IsPosted => _fields.Count > 0;

    internal IFormFileCollection Files => _fields.Files;

    internal IFormCollection Fields => _fields;

    /// <summary>What was typed, without spaces around it; empty when it was not.</summary>
    public string this[string name] => _fields.TryGetValue(name, out var value) ? value.ToString().Trim() : "";

    /// <summary>The key that came with this post.</summary>
    internal string PostedKey => this["_key"] is { Length: >= 16 and <= 64 } key ? key : Key;

    internal void KeepKey() => Key = PostedKey;

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
