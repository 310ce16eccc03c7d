using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Peony.Tests;

/// <summary>An authenticator in software: a P-256 key that answers WebAuthn's options (Web Authentication Level 3, "none" attestation) for one site.</summary>
internal sealed class SoftPasskey(string origin) : IDisposable
{
    private const byte Present = 0x01;
    private const byte Verified = 0x04;
    private const byte HasCredential = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);
    private byte[] _user = [];
    private uint _count;

    /// <summary>Answers <c>navigator.credentials.create</c>.</summary>
    public string Create(string options)
    {
        var wanted = JsonDocument.Parse(options).RootElement;
        _user = Base64Url.DecodeFromChars(wanted.GetProperty("user").GetProperty("id").GetString());
        var client = Client("webauthn.create", wanted.GetProperty("challenge").GetString()!);
        var point = _key.ExportParameters(false).Q;
        byte[] coseKey = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        byte[] data = [.. AuthenticatorData(Present | Verified | HasCredential), .. new byte[16], 0x00, (byte)_id.Length, .. _id, .. coseKey];
        byte[] attestation =
        [
            0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x59, (byte)(data.Length >> 8), (byte)data.Length, .. data,
        ];
        return Answer(new { clientDataJSON = Text(client), attestationObject = Text(attestation), transports = new[] { "internal" } });
    }

    /// <summary>Answers <c>navigator.credentials.get</c>.</summary>
    public string Get(string options)
    {
        var wanted = JsonDocument.Parse(options).RootElement;
        var client = Client("webauthn.get", wanted.GetProperty("challenge").GetString()!);
        var data = AuthenticatorData(Present | Verified);
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(new { clientDataJSON = Text(client), authenticatorData = Text(data), signature = Text(signature), userHandle = Text(_user) });
    }

    public void Dispose() => _key.Dispose();

    private byte[] Client(string type, string challenge) => JsonSerializer.SerializeToUtf8Bytes(new { type, challenge, origin, crossOrigin = false });

    private byte[] AuthenticatorData(int flags)
    {
        var data = new byte[37];
        SHA256.HashData(Encoding.ASCII.GetBytes(new Uri(origin).Host), data);
        data[32] = (byte)flags;
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(33), ++_count);
        return data;
    }

    private string Answer(object response) =>
        JsonSerializer.Serialize(new { id = Text(_id), rawId = Text(_id), type = "public-key", authenticatorAttachment = "platform", clientExtensionResults = new { }, response });

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
