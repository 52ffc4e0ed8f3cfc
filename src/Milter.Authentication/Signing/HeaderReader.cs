namespace Milter.Auth;

/// <summary>Reads the header block off a stream, and leaves it where the body begins.</summary>
internal static class HeaderReader
{
    private const int Piece = 8192;

    public static async ValueTask<RawHeader> ReadAsync(Stream message, CancellationToken cancellation)
    {
        byte[] bytes = new byte[Piece];
        for (int length = 0; ;)
        {
            int read = await message.ReadAsync(bytes.AsMemory(length), cancellation).ConfigureAwait(false);
            length += read;
            int end = bytes.AsSpan(0, length).StartsWith("\r\n"u8) ? 0 : bytes.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0 || read == 0)
            {
                int header = end < 0 ? length : end;
                message.Position = end < 0 ? length : end == 0 ? 2 : end + 4;
                return new RawHeader(bytes[..header]);
            }

            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, length * 2);
            }
        }
    }
}
