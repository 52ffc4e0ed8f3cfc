namespace Milter.Transport;

/// <summary>Short names for connections: unlike within a process, and unlikely to meet again in the log of the next.</summary>
internal static class ConnectionIds
{
    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 8;

    // Seconds in the upper part, so that a restart goes on above what its predecessor used.
    private static long s_last = DateTimeOffset.UtcNow.ToUnixTimeSeconds() << 10;

    public static string Next() => string.Create(Length, Interlocked.Increment(ref s_last), static (text, value) =>
    {
        for (int i = text.Length - 1; i >= 0; i--, value >>= 5)
        {
            text[i] = Digits[(int)(value & 31)];
        }
    });
}
