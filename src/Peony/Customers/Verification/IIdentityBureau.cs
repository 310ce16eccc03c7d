using Peony.Identifiers;

namespace Peony.Customers.Verification;

/// <summary>What the bureau said.</summary>
internal enum BureauVerdict
{
    /// <summary>Name and number belong together; or the photos show the person on the card.</summary>
    Agrees = 1,

    /// <summary>They do not.</summary>
    Differs = 2,

    /// <summary>The bureau has no such number, or cannot read the photos.</summary>
    Unknown = 3,
}

/// <param name="Reference">The bureau's own number of the check, for its and our records.</param>
internal sealed record BureauAnswer(BureauVerdict Verdict, string Reference);

/// <summary>The photos of the second level: both sides of the ID card and a face.</summary>
internal sealed record IdentityPhotos(byte[] Front, byte[] Back, byte[] Face);

/// <summary>The identity bureau (实名核验), outside. Every check has a reference fixed by us, so a repeated call is one check.</summary>
internal interface IIdentityBureau
{
    /// <exception cref="HttpRequestException">The bureau cannot be reached; nothing is known.</exception>
    Task<BureauAnswer> CheckAsync(string reference, string name, ResidentId id, CancellationToken cancel);

    Task<BureauAnswer> CheckPhotosAsync(string reference, string name, ResidentId id, IdentityPhotos photos, CancellationToken cancel);
}
