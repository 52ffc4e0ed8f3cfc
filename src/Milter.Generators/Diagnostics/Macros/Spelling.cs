namespace Milter.Generators.Diagnostics;

/// <summary>Says what is nearly the same word.</summary>
internal static class Spelling
{
    /// <summary>Says whether at most two letters differ, are missing or are too many.</summary>
    public static bool IsNear(string one, string other)
    {
        if (Math.Abs(one.Length - other.Length) > 2)
        {
            return false;
        }

        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1));
                diagonal = row[j];
                row[j] = cost;
            }
        }

        return row[other.Length] <= 2;
    }
}
