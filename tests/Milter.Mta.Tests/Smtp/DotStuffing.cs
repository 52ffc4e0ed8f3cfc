namespace Milter.Mta.Tests;

/// <summary>The dots of SMTP's DATA.</summary>
public static class DotStuffing
{
    /// <summary>Doubles the dot at the start of a line (after CRLF) and adds the lone dot at the end.</summary>
    public static byte[] Stuff(ReadOnlySpan<byte> message)
    {
        var stuffed = new List<byte>(message.Length + 16);
        bool lineStart = true;
        for (int i = 0; i < message.Length; i++)
        {
            if (lineStart && message[i] == '.')
            {
                stuffed.Add((byte)'.');
            }

            stuffed.Add(message[i]);
            lineStart = i > 0 && message[i - 1] == '\r' && message[i] == '\n';
        }

        stuffed.AddRange(lineStart ? ".\r\n"u8 : "\r\n.\r\n"u8);
        return [.. stuffed];
    }
}
