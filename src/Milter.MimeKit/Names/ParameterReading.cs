namespace Milter.Mime.Names;

/// <summary>A parameter of a field, with all that its value may be taken for.</summary>
/// <param name="Name">The name, without the marks of RFC 2231.</param>
/// <param name="Section">The number of a piece (RFC 2231, 3), or -1.</param>
/// <param name="IsExtended">Whether it is percent-encoded (RFC 2231, 4).</param>
/// <param name="Values">The readings, a char for each byte; the likeliest first.</param>
internal sealed record ParameterReading(string Name, int Section, bool IsExtended, IReadOnlyList<string> Values)
{
    /// <summary>Splits the marks of RFC 2231 from a name.</summary>
    public static ParameterReading Of(string name, IReadOnlyList<string> values)
    {
        bool isExtended = name.EndsWith('*');
        string rest = isExtended ? name[..^1] : name;
        int star = rest.IndexOf('*', StringComparison.Ordinal);
        return star < 0 || !int.TryParse(rest.AsSpan(star + 1), System.Globalization.NumberStyles.None, null, out int section)
            ? new ParameterReading(rest, -1, isExtended, values)
            : new ParameterReading(rest[..star], section, isExtended, values);
    }
}
