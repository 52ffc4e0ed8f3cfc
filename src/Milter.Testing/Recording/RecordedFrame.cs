using System.Globalization;
using System.Text;
using Milter.Protocol;

namespace Milter.Testing;

/// <summary>One line of a recording: a packet.</summary>
/// <param name="FromFilter">Whether the filter sent it; otherwise the MTA did.</param>
/// <param name="Code">Its code byte.</param>
/// <param name="Payload">The bytes after the code; empty where they were left out.</param>
/// <param name="LeftOut">How many bytes were left out.</param>
public sealed record RecordedFrame(bool FromFilter, byte Code, ReadOnlyMemory<byte> Payload, int LeftOut = 0)
{
    /// <summary>Gets the payload, with lines of <c>x</c> where it was left out.</summary>
    internal byte[] Bytes()
    {
        if (LeftOut == 0)
        {
            return Payload.ToArray();
        }

        byte[] filler = new byte[LeftOut];
        for (int i = 0; i < filler.Length; i++)
        {
            filler[i] = (i % 74) switch { 72 => (byte)'\r', 73 => (byte)'\n', _ => (byte)'x' };
        }

        return filler;
    }

    /// <summary>Writes the line.</summary>
    /// <returns>Direction, code, payload: <c>&gt; H client.example.test\0</c>.</returns>
    public override string ToString()
    {
        var line = new StringBuilder();
        line.Append(FromFilter ? '<' : '>').Append(' ').Append((char)Code);
        if (LeftOut > 0)
        {
            return line.Append(CultureInfo.InvariantCulture, $" *{LeftOut}").ToString();
        }

        if (Payload.IsEmpty)
        {
            return line.ToString();
        }

        line.Append(' ');
        int start = line.Length;
        foreach (byte b in Payload.Span)
        {
            _ = b switch
            {
                0 => line.Append("\\0"),
                (byte)'\n' => line.Append("\\n"),
                (byte)'\r' => line.Append("\\r"),
                (byte)'\t' => line.Append("\\t"),
                (byte)'\\' => line.Append("\\\\"),
                (byte)'*' when line.Length == start => line.Append("\\x2a"),
                >= 0x20 and < 0x7f => line.Append((char)b),
                _ => line.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}"),
            };
        }

        return line[^1] == ' ' ? line.Remove(line.Length - 1, 1).Append("\\x20").ToString() : line.ToString();
    }

    /// <summary>Reads a line.</summary>
    internal static RecordedFrame Parse(string line)
    {
        if (line.Length < 3 || line[0] is not ('<' or '>') || line[1] != ' ' || (line.Length > 3 && line[3] != ' '))
        {
            throw new FormatException($"\"{line}\" is no packet of a recording: write direction, code and payload, as in \"> H client.example.test\\0\".");
        }

        string text = line.Length > 4 ? line[4..] : "";
        bool fromFilter = line[0] == '<';
        return text.StartsWith('*')
            ? new RecordedFrame(fromFilter, (byte)line[2], default, int.Parse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture))
            : new RecordedFrame(fromFilter, (byte)line[2], Unescape(text));
    }

    private static byte[] Unescape(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                bytes.AddRange(WireText.GetBytes(text[i].ToString()));
                continue;
            }

            i++;
            bytes.Add(text[i] switch
            {
                '0' => 0,
                'n' => (byte)'\n',
                'r' => (byte)'\r',
                't' => (byte)'\t',
                'x' when i + 2 < text.Length => byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                _ => (byte)text[i],
            });
            i += text[i] == 'x' ? 2 : 0;
        }

        return [.. bytes];
    }
}
