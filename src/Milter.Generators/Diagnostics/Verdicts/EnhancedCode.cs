namespace Milter.Generators.Diagnostics;

/// <summary>The form of an enhanced status code (RFC 3463): <c>5.7.1</c>.</summary>
internal static class EnhancedCode
{
    public static string? Why(string enhanced, int digit)
    {
        string[] parts = enhanced.Split('.');
        if (parts.Length != 3 || parts[0] is not ("2" or "4" or "5") || !IsNumber(parts[1]) || !IsNumber(parts[2]))
        {
            return "an enhanced code is a class and two numbers of 1 to 3 digits, such as 5.7.1";
        }

        return parts[0][0] - '0' == digit ? null : $"its class must be {digit}, as that of the reply code: Postfix refuses the reply otherwise";
    }

    /// <summary>What was probably meant, or empty.</summary>
    public static string Mended(string enhanced, int digit)
    {
        string[] parts = enhanced.Trim().Split('.');
        return parts.Length == 3 && IsNumber(parts[1]) && IsNumber(parts[2]) ? $"{digit}.{parts[1]}.{parts[2]}" : "";
    }

    private static bool IsNumber(string text) => text.Length is >= 1 and <= 3 && text.All(c => c is >= '0' and <= '9');
}
