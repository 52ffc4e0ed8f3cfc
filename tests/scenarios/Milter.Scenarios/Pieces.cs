using System.Globalization;

namespace Milter.Scenarios;

/// <summary>A new body, 64 KiB at a time.</summary>
internal static class Pieces
{
    private const int Size = 64 * 1024;

    public static byte[] Make()
    {
        byte[] piece = new byte[Size];
        for (int i = 0; i < piece.Length; i++)
        {
            piece[i] = (i % 64) switch { 62 => (byte)'\r', 63 => (byte)'\n', _ => (byte)'x' };
        }

        return piece;
    }

    public static int Count(string? size) => size is null ? 0 : int.Parse(size, CultureInfo.InvariantCulture) / Size;
}
