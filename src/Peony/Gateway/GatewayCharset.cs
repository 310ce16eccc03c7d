using System.Globalization;
using System.Text;

namespace Peony.Gateway;

/// <summary>The character set of a request and of its answer.</summary>
/// <param name="Name">As the caller named it, in lower case: clients look it up under this name again.</param>
internal sealed record GatewayCharset(string Name, Encoding Encoding)
{
    /// <summary>What is meant when nothing is said.</summary>
    public static readonly GatewayCharset Utf8 = new("utf-8", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    /// <summary>The code page of GBK, which GB 2312 is a part of.</summary>
    private const int Gbk = 936;

    /// <summary>The character set of this name, or null when the gateway does not speak it.</summary>
    public static GatewayCharset? Find(string? name) => name?.ToLowerInvariant() switch
    {
        null or "" or "utf-8" or "utf8" => Utf8,
        "gbk" or "gb2312" => new GatewayCharset(name.ToLowerInvariant(), Chinese),
        _ => null,
    };

    private static readonly Encoding Chinese = CodePagesEncodingProvider.Instance.GetEncoding(Gbk, new JsonEscapes(), DecoderFallback.ReplacementFallback)
        ?? throw new InvalidOperationException("The runtime has no GBK.");

    /// <summary>Writes what GBK lacks as JSON writes it (<c>\u00e9</c>), so that an answer loses no character.</summary>
    private sealed class JsonEscapes : EncoderFallback
    {
        public override int MaxCharCount => 12;

        public override EncoderFallbackBuffer CreateFallbackBuffer() => new Escaped();

        private sealed class Escaped : EncoderFallbackBuffer
        {
            private string _text = "";
            private int _next;

            public override int Remaining => _text.Length - _next;

            public override bool Fallback(char charUnknown, int index) => Begin(Of(charUnknown));

            public override bool Fallback(char charUnknownHigh, char charUnknownLow, int index) => Begin(Of(charUnknownHigh) + Of(charUnknownLow));

            public override char GetNextChar() => _next < _text.Length ? _text[_next++] : '\0';

            public override bool MovePrevious()
            {
                if (_next == 0)
                {
                    return false;
                }

                _next--;
                return true;
            }

            public override void Reset() => Begin("");

            private static string Of(char character) => "\\u" + ((int)character).ToString("x4", CultureInfo.InvariantCulture);

            private bool Begin(string text)
            {
                (_text, _next) = (text, 0);
                return true;
            }
        }
    }
}
