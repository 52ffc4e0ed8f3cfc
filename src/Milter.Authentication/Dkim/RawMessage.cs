namespace Milter.Auth;

/// <summary>A message that is judged: its header block, and its body as often as wanted.</summary>
/// <param name="Header">The header block.</param>
/// <param name="OpenBody">Opens the body at its beginning.</param>
/// <param name="HasHeaderSpace">Whether the white space after the colons is as the sender wrote it.</param>
internal sealed record RawMessage(RawHeader Header, Func<Stream> OpenBody, bool HasHeaderSpace = true)
{
    /// <summary>Reads a message from a file or its like, whose lines may end in LF alone: mail as it is kept on disk.</summary>
    public static RawMessage Of(byte[] message)
    {
        byte[] bytes = message.AsSpan().IndexOf((byte)'\n') is > 0 and var first && message[first - 1] == '\r' ? message : WithLineEnds(message);
        int end = bytes.AsSpan().StartsWith("\r\n"u8) ? 0 : bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        int header = end < 0 ? bytes.Length : end == 0 ? 0 : end + 2;
        int body = Math.Min(bytes.Length, header + 2);
        return new RawMessage(new RawHeader(bytes[..Math.Max(0, header - 2)]), () => new MemoryStream(bytes, body, bytes.Length - body, writable: false));
    }

    private static byte[] WithLineEnds(byte[] message)
    {
        using var lines = new MemoryStream(message.Length + (message.Length / 32));
        byte before = 0;
        foreach (byte one in message)
        {
            if (one == '\n' && before != '\r')
            {
                lines.WriteByte((byte)'\r');
            }

            lines.WriteByte(one);
            before = one;
        }

        return lines.ToArray();
    }
}
