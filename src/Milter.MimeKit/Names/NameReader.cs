using System.Text;
using MimeKit;

namespace Milter.Mime.Names;

/// <summary>Finds all names that some mail program may show for a part, or give to the file that it makes of it.</summary>
internal sealed class NameReader
{
    // A name that is longer is no file's name anywhere; and a part with so many of them is no mail program's.
    private const int MaxValue = 64 * 1024;
    private const int MaxNames = 100;

    private readonly List<string> _names = [];

    /// <summary>Gets the names, that of MimeKit first.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Gets a value indicating whether the names are more than spellings of one.</summary>
    public bool Disagree => _names.Count > 1 && _names.Select(Meaning).Distinct(StringComparer.Ordinal).Skip(1).Any();

    /// <summary>Takes the names of a Content-Disposition.</summary>
    public void ReadDisposition(byte[] value)
    {
        if (!TryReadPlain(value, isType: false, ["filename", "name"]))
        {
            ReadDispositionInAllWays(value);
        }
    }

    /// <summary>As <see cref="ReadDisposition"/>, without the way for those that all readers read alike.</summary>
    internal void ReadDispositionInAllWays(byte[] value)
    {
        byte[] read = Cut(value);
        foreach (ParserOptions options in (ReadOnlySpan<ParserOptions>)[FieldText.Loose, FieldText.Strict])
        {
            if (ContentDisposition.TryParse(options, read, out ContentDisposition? disposition))
            {
                Add(disposition.FileName);
                Add(disposition.Parameters["name"]);
            }
        }

        ReadParameters(read);
    }

    /// <summary>Takes the names of a Content-Type.</summary>
    public void ReadType(byte[] value)
    {
        if (!TryReadPlain(value, isType: true, ["name", "filename"]))
        {
            ReadTypeInAllWays(value);
        }
    }

    /// <inheritdoc cref="ReadDispositionInAllWays"/>
    internal void ReadTypeInAllWays(byte[] value)
    {
        byte[] read = Cut(value);
        foreach (ParserOptions options in (ReadOnlySpan<ParserOptions>)[FieldText.Loose, FieldText.Strict])
        {
            if (ContentType.TryParse(options, read, out ContentType? type))
            {
                Add(type.Name);
                Add(type.Parameters["filename"]);
            }
        }

        ReadParameters(read);
    }

    /// <summary>Takes a name that was read elsewhere.</summary>
    public void Add(string? name)
    {
        string text = name?.Trim() ?? "";
        if (text.Length == 0)
        {
            return;
        }

        Keep(text);
        int nul = text.IndexOf('\0', StringComparison.Ordinal);
        if (nul > 0)
        {
            Keep(text[..nul]);
        }
    }

    /// <summary>Reads the values that a parameter may have, whatever it is for.</summary>
    public static IReadOnlyList<string> Values(byte[] field, string parameter)
    {
        string? plain = null;
        return PlainField.TryRead(field, isType: true, [parameter], new Span<string?>(ref plain)) ? (plain?.Trim() is { Length: > 0 } value ? [value] : []) : ValuesInAllWays(field, parameter);
    }

    internal static IReadOnlyList<string> ValuesInAllWays(byte[] field, string parameter)
    {
        var reader = new NameReader();
        foreach (string text in Unfold(FieldText.FromBytes(Cut(field))))
        {
            reader.AddAll([.. ParameterScan.Read(text).Where(one => one.Name.Equals(parameter, StringComparison.OrdinalIgnoreCase))]);
        }

        return reader.Names;
    }

    private bool TryReadPlain(byte[] value, bool isType, ReadOnlySpan<string> wanted)
    {
        string?[] found = new string?[wanted.Length];
        if (!PlainField.TryRead(value, isType, wanted, found))
        {
            return false;
        }

        foreach (string? name in found)
        {
            Add(name);
        }

        return true;
    }

    private void Keep(string name)
    {
        if (_names.Count < MaxNames && !_names.Contains(name))
        {
            _names.Add(name);
        }
    }

    // Blanks, quotes, backslashes and encoded words are spelling.
    private static string Meaning(string name)
    {
        string plain = FieldText.DecodeWords(name) ?? name;
        return string.Concat(plain.Where(c => !char.IsWhiteSpace(c) && c is not ('\\' or '"')));
    }

    private void ReadParameters(byte[] value)
    {
        foreach (string text in Unfold(FieldText.FromBytes(value)))
        {
            List<ParameterReading> all = ParameterScan.Read(text);
            foreach (string name in (ReadOnlySpan<string>)["filename", "name"])
            {
                AddAll(all.FindAll(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
            }
        }
    }

    private void AddAll(List<ParameterReading> readings)
    {
        foreach (ParameterReading reading in readings.Where(one => one.Section < 0))
        {
            foreach (string value in reading.Values)
            {
                AddDecoded(reading.IsExtended ? Percent(value, null, out _) : value, reading.IsExtended);
            }
        }

        ParameterReading[] pieces = [.. readings.Where(one => one.Section >= 0).OrderBy(one => one.Section)];
        if (pieces.Length > 0)
        {
            AddJoined(pieces, takesLast: false);
            if (pieces.DistinctBy(one => one.Section).Count() < pieces.Length)
            {
                AddJoined(pieces, takesLast: true);
            }

            if (HasGap(pieces, out int gap))
            {
                AddJoined(pieces[..gap], takesLast: false);
            }
        }
    }

    private static bool HasGap(ParameterReading[] pieces, out int gap)
    {
        int expected = 0;
        for (gap = 0; gap < pieces.Length; gap++)
        {
            if (pieces[gap].Section > expected)
            {
                return gap > 0;
            }

            expected = pieces[gap].Section + 1;
        }

        return false;
    }

    // Pieces are decoded each for itself (RFC 2231, 4.1), but an encoded word may have been cut in two by whoever wrote them.
    private void AddJoined(ParameterReading[] pieces, bool takesLast)
    {
        string? charset = null;
        var bytes = new StringBuilder();
        foreach (IGrouping<int, ParameterReading> same in pieces.GroupBy(one => one.Section))
        {
            ParameterReading piece = takesLast ? same.Last() : same.First();
            bytes.Append(piece.IsExtended ? PercentBytes(piece.Values[0], isFirst: bytes.Length == 0 && charset is null, ref charset) : piece.Values[0]);
        }

        string joined = bytes.ToString();
        Add(FieldText.Decode(Encoding.Latin1.GetBytes(joined), charset));
        Add(FieldText.DecodeWords(joined));
    }

    private void AddDecoded(string value, bool isText)
    {
        Add(isText ? value : FieldText.Decode(value));
        Add(FieldText.DecodeWords(value));
    }

    private static string Percent(string value, string? given, out string? charset)
    {
        charset = given;
        string bytes = PercentBytes(value, isFirst: true, ref charset);
        return FieldText.Decode(Encoding.Latin1.GetBytes(bytes), charset);
    }

    private static string PercentBytes(string value, bool isFirst, ref string? charset)
    {
        if (isFirst)
        {
            int first = value.IndexOf('\'', StringComparison.Ordinal);
            int second = first < 0 ? -1 : value.IndexOf('\'', first + 1);
            if (second > 0)
            {
                charset = value[..first];
                value = value[(second + 1)..];
            }
        }

        if (!value.Contains('%', StringComparison.Ordinal))
        {
            return value;
        }

        var bytes = new StringBuilder(value.Length);
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] == '%' && i + 2 < value.Length && char.IsAsciiHexDigit(value[i + 1]) && char.IsAsciiHexDigit(value[i + 2]))
            {
                bytes.Append((char)Convert.ToByte(value.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.Append(value[i]);
            }
        }

        return bytes.ToString();
    }

    // A fold within quotes is nothing to some, its blank to others, and one blank to others again.
    private static IEnumerable<string> Unfold(string value)
    {
        string kept = value.Replace("\r\n", "", StringComparison.Ordinal).Replace('\n', ' ').Replace('\r', ' ').Trim();
        yield return kept;
        if (value.AsSpan().TrimEnd().Contains('\n'))
        {
            string[] lines = value.Split('\n', StringSplitOptions.TrimEntries);
            string closed = string.Concat(lines).Trim();
            string spaced = string.Join(' ', lines).Trim();
            if (closed != kept)
            {
                yield return closed;
            }

            if (spaced != kept)
            {
                yield return spaced;
            }
        }
    }

    private static byte[] Cut(byte[] value) => value.Length <= MaxValue ? value : value[..MaxValue];
}
