namespace Peony.Book;

/// <summary>Personal text inside an envelope under its owner's key: base64 of nonce, ciphertext and tag. Prints masked.</summary>
public readonly record struct Sealed(string Envelope)
{
    public override string ToString() => "(sealed)";
}

/// <summary>
/// The keys of the people whose data we hold, one a person, wrapped by the master key, in a store of their own. Destroying a key erases all that is sealed under it,
/// in the journal, the tables and every backup.
/// </summary>
public interface IVault
{
    /// <summary>Makes the owner's key if there is none; durable when this returns. Call it before the first frame that uses the key.</summary>
    /// <exception cref="InvalidOperationException">The owner's key was destroyed.</exception>
    Task EnsureKeyAsync(string owner, CancellationToken cancel = default);

    /// <summary>Seals text under the owner's key; AES-256-GCM, bound to the owner.</summary>
    Task<Sealed> SealAsync(string owner, string text, CancellationToken cancel = default);

    /// <summary>The text, or null when the owner's key was destroyed.</summary>
    Task<string?> OpenAsync(string owner, Sealed envelope, CancellationToken cancel = default);

    /// <summary>Destroys the owner's key for ever; the owner stays on a list of erased owners.</summary>
    Task DestroyKeyAsync(string owner, CancellationToken cancel = default);

    /// <summary>The owners whose keys were destroyed.</summary>
    Task<IReadOnlyList<string>> ErasedAsync(CancellationToken cancel = default);
}
