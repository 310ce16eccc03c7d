using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;

namespace Peony.Edge;

/// <summary>Seals the framework's own keys (cookies, forms, passkey challenges) under a key derived from the master key, so that a copy of the data folder alone opens nothing.</summary>
internal sealed class SecretsXmlEncryptor(Secrets secrets) : IXmlEncryptor
{
    internal const string Purpose = "data-protection";
    internal const string Element = "sealed";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var text = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        var tag = new byte[AesGcm.TagByteSizes.MaxSize];
        var cipher = new byte[text.Length];
        using var aes = new AesGcm(secrets.Key(Purpose), tag.Length);
        aes.Encrypt(nonce, text, cipher, tag);
        return new EncryptedXmlInfo(new XElement(Element, Convert.ToBase64String([.. nonce, .. tag, .. cipher])), typeof(SecretsXmlDecryptor));
    }
}

/// <summary>Opens what <see cref="SecretsXmlEncryptor"/> sealed; the framework makes it by its name, which stands in the key file.</summary>
internal sealed class SecretsXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var bytes = Convert.FromBase64String(encryptedElement.Value);
        var nonceLength = AesGcm.NonceByteSizes.MaxSize;
        var tagLength = AesGcm.TagByteSizes.MaxSize;
        var text = new byte[bytes.Length - nonceLength - tagLength];
        using var aes = new AesGcm(services.GetRequiredService<Secrets>().Key(SecretsXmlEncryptor.Purpose), tagLength);
        aes.Decrypt(bytes.AsSpan(0, nonceLength), bytes.AsSpan(nonceLength + tagLength), bytes.AsSpan(nonceLength, tagLength), text);
        return XElement.Parse(Encoding.UTF8.GetString(text));
    }
}
