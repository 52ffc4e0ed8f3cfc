using MimeKit;
using Milter.Mime.Edits;

namespace Milter.Mime.Binding;

/// <summary>Finds the fewest changes of fields that make one header of another.</summary>
/// <remarks>By name, since a parameter that is changed moves the whole field below the others.</remarks>
internal static class HeaderComparison
{
    /// <summary>Compares.</summary>
    /// <param name="before">The fields as they came.</param>
    /// <param name="now">The fields as they are to be. What is new above all that came is put on top, else at the end: to filters there is no place between.</param>
    public static List<FieldChange> Compare(ParsedField[] before, Header[] now)
    {
        var changes = new List<FieldChange>();
        var added = new HashSet<Header>(ReferenceEqualityComparer.Instance);
        foreach (string name in before.Select(field => field.Name).Concat(now.Select(header => header.Field)).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            CompareNamed(
                Array.FindAll(before, field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)),
                Array.FindAll(now, header => header.Field.Equals(name, StringComparison.OrdinalIgnoreCase)),
                changes,
                added);
        }

        int top = 0;
        while (top < now.Length && added.Contains(now[top]))
        {
            top++;
        }

        // What is put on top later stands higher.
        changes.AddRange(now.Take(top).Reverse().Select(header => new FieldChange(header.Field, top == now.Length ? FieldChange.AtEnd : FieldChange.OnTop, header.RawValue)));
        changes.AddRange(now.Skip(top).Where(added.Contains).Select(header => new FieldChange(header.Field, FieldChange.AtEnd, header.RawValue)));
        return changes;
    }

    // Those that stayed are the fixed points; between them, the first of the old becomes the first of the new, and so on.
    private static void CompareNamed(ParsedField[] old, Header[] now, List<FieldChange> changes, HashSet<Header> added)
    {
        int first = 0;
        int next = 0;
        while (first < old.Length || next < now.Length)
        {
            (int stays, int same) = NextSame(old, now, first, next);
            for (; first < stays && next < same; first++, next++)
            {
                changes.Add(new FieldChange(now[next].Field, first + 1, now[next].RawValue));
            }

            for (; first < stays; first++)
            {
                changes.Add(new FieldChange(old[first].Name, first + 1, null));
            }

            for (; next < same; next++)
            {
                added.Add(now[next]);
            }

            first = stays + 1;
            next = same + 1;
        }
    }

    private static (int Old, int Now) NextSame(ParsedField[] old, Header[] now, int first, int next)
    {
        for (int i = first; i < old.Length; i++)
        {
            for (int j = next; j < now.Length; j++)
            {
                if (ParsedField.Same(old[i], now[j]))
                {
                    return (i, j);
                }
            }
        }

        return (old.Length, now.Length);
    }
}
