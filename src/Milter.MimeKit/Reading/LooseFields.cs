using System.Text;

namespace Milter.Mime.Reading;

/// <summary>Fields that say what a part is.</summary>
/// <param name="Name">The field's name, as written.</param>
/// <param name="Value">Its value with folds, as it came.</param>
/// <param name="Offset">Where it begins in its source.</param>
/// <param name="Length">How long it is with its line end; 0 where only other readers see it.</param>
internal readonly record struct ContentField(string Name, byte[] Value, long Offset = 0, int Length = 0)
{
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Reads fields out of lines that may end in CR LF, LF or CR, passing over lines that are none: what the most tolerant reader would find.</summary>
internal static class LooseFields
{
    private const string Prefix = "content-";

    /// <summary>Takes the content fields of a block.</summary>
    /// <param name="block">The bytes.</param>
    /// <param name="stopsAtBlank">Whether an empty line ends it.</param>
    public static List<ContentField> Read(ReadOnlySpan<byte> block, bool stopsAtBlank)
    {
        var fields = new List<ContentField>();
        (string Name, List<byte> Value)? open = null;
        while (block.Length > 0)
        {
            int end = block.IndexOfAny((byte)'\r', (byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? block : block[..end];
            int feed = end < 0 ? 0 : block[end] == '\r' && end + 1 < block.Length && block[end + 1] == '\n' ? 2 : 1;
            block = end < 0 ? [] : block[(end + feed)..];
            if (line.Length == 0)
            {
                if (stopsAtBlank)
                {
                    break;
                }

                continue;
            }

            if (line[0] is (byte)' ' or (byte)'\t')
            {
                open?.Value.AddRange("\r\n"u8);
                open?.Value.AddRange(line);
                continue;
            }

            Close(fields, ref open);
            int colon = line.IndexOf((byte)':');
            if (colon > 0 && Encoding.Latin1.GetString(line[..colon]).TrimEnd() is var name && name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                open = (name, [.. line[(colon + 1)..]]);
            }
        }

        Close(fields, ref open);
        return fields;
    }

    private static void Close(List<ContentField> fields, ref (string Name, List<byte> Value)? open)
    {
        if (open is { } field)
        {
            fields.Add(new ContentField(field.Name, [.. field.Value]));
        }

        open = null;
    }
}
