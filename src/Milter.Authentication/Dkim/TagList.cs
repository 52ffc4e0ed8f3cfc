namespace Milter.Auth;

/// <summary>A list of tags, <c>name=value; name=value</c> (RFC 6376 section 3.2), as DKIM, ARC and DMARC have them.</summary>
internal sealed class TagList
{
    private readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal);

    private TagList()
    {
    }

    /// <summary>Gets the name of the first tag, where order matters.</summary>
    public string First { get; private set; } = "";

    public string? this[string name] => _tags.GetValueOrDefault(name);

    /// <summary>Reads a list.</summary>
    /// <returns>What is wrong with it; <see langword="null"/> for nothing.</returns>
    public static string? Parse(string text, out TagList tags)
    {
        tags = new TagList();
        string[] parts = text.Split(';');
        for (int i = 0; i < parts.Length; i++)
        {
            string part = parts[i].Trim(s_white);
            if (part.Length == 0)
            {
                if (i == parts.Length - 1)
                {
                    break;
                }

                return "there is an empty tag";
            }

            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? "" : part[..equals].TrimEnd(s_white);
            if (name.Length == 0 || !char.IsAsciiLetter(name[0]) || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                return $"\"{part}\" is no tag";
            }

            tags.First = tags.First.Length == 0 ? name : tags.First;
            if (!tags._tags.TryAdd(name, part[(equals + 1)..].Trim(s_white)))
            {
                return $"the tag {name}= is there twice";
            }
        }

        return tags._tags.Count == 0 ? "there are no tags" : null;
    }

    /// <summary>Takes all white space out of a value: base64 may be folded anywhere.</summary>
    public static string Packed(string value) => value.AsSpan().IndexOfAny(s_white) < 0 ? value : string.Concat(value.Where(static c => c is not (' ' or '\t' or '\r' or '\n')));

    private static readonly char[] s_white = [' ', '\t', '\r', '\n'];
}
