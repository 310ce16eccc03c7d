using Peony.Book;
using Peony.Identifiers;

namespace Peony.Customers;

/// <summary>The keyed hashes by which personal text is looked up and compared, and the forms they are made over. One place, so that equal people have equal hashes.</summary>
internal static class PersonalHashes
{
    public static string Phone(Secrets secrets, MobileNumber phone) => secrets.Hash("phone", phone.E164);

    /// <summary>Over the name without white space and in one case; the middle dot of minority names has many code points and becomes one.</summary>
    public static string Name(Secrets secrets, string name) => secrets.Hash("name", NormaliseName(name));

    public static string ResidentId(Secrets secrets, ResidentId id) => secrets.Hash("resident-id", id.Value);

    public static PinProof Pin(Secrets secrets, CustomerId customer, string pin) => new(secrets.Hash("pin", $"{customer}/{pin}"));

    public static string Browser(Secrets secrets, string browserSecret) => secrets.Hash("browser", browserSecret);

    public static string NormaliseName(string name)
    {
        var plain = Text.Normalise(name).ToUpperInvariant();
        return string.Concat(plain.Where(character => !char.IsWhiteSpace(character)).Select(character => character is '•' or '・' or '‧' or '.' or '﹒' or '⋅' or '∙' ? '·' : character));
    }
}
