using System.Text;

namespace Milter.Auth;

/// <summary>A field of a header block, by where its bytes are.</summary>
/// <param name="Start">Where its name begins.</param>
/// <param name="NameEnd">Behind the name.</param>
/// <param name="ValueStart">Behind the colon.</param>
/// <param name="End">Behind the value, before the line end.</param>
internal readonly record struct RawField(int Start, int NameEnd, int ValueStart, int End);

/// <summary>A header block as it came: nothing is decoded, mended or unfolded.</summary>
internal sealed class RawHeader
{
    private readonly byte[] _bytes;
    private readonly List<RawField> _fields = [];

    /// <summary>Reads a block. Only CR LF ends a line; what has no colon is kept as a field without a name.</summary>
    /// <param name="bytes">The block, without the empty line behind it.</param>
    public RawHeader(byte[] bytes)
    {
        _bytes = bytes;
        for (int start = 0; start < bytes.Length;)
        {
            int end = EndOf(bytes, start);
            int colon = bytes.AsSpan(start, end - start).IndexOf((byte)':');
            int name = start + Math.Max(colon, 0);
            while (name > start && bytes[name - 1] is (byte)' ' or (byte)'\t')
            {
                name--;
            }

            _fields.Add(new RawField(start, name, colon < 0 ? start : start + colon + 1, end));
            start = end + 2;
        }
    }

    /// <summary>Gets the fields, from the top.</summary>
    public IReadOnlyList<RawField> Fields => _fields;

    public ReadOnlySpan<byte> Name(RawField field) => _bytes.AsSpan(field.Start, field.NameEnd - field.Start);

    public ReadOnlySpan<byte> Value(RawField field) => _bytes.AsSpan(field.ValueStart, field.End - field.ValueStart);

    public ReadOnlySpan<byte> Whole(RawField field) => _bytes.AsSpan(field.Start, field.End - field.Start);

    /// <summary>Says whether a field has a name, in any case.</summary>
    public bool Is(RawField field, string name) =>
        field.NameEnd - field.Start == name.Length && Ascii.EqualsIgnoreCase(Name(field), name);

    /// <summary>Gives a value as text: UTF-8, with other bytes as they can be written back, folds as they are.</summary>
    public string Text(RawField field) => Protocol.WireText.GetString(Value(field));

    public IEnumerable<RawField> Named(string name) => _fields.Where(field => Is(field, name));

    private static int EndOf(byte[] bytes, int start)
    {
        for (int at = start; ;)
        {
            int found = bytes.AsSpan(at).IndexOf("\r\n"u8);
            if (found < 0)
            {
                return bytes.Length;
            }

            at += found;
            if (at + 2 >= bytes.Length || bytes[at + 2] is not ((byte)' ' or (byte)'\t'))
            {
                return at;
            }

            at += 2;
        }
    }
}
