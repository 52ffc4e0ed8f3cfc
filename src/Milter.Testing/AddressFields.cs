namespace Milter.Testing;

/// <summary>Takes the addresses out of header fields that have lists of them (RFC 5322 section 3.4): names, comments and groups are left out.</summary>
internal static class AddressFields
{
    /// <summary>Gets the addresses of a field.</summary>
    /// <param name="value">The field's value; folds allowed.</param>
    public static IEnumerable<MailPath> Read(string value)
    {
        foreach (string mailbox in Split(value))
        {
            var path = new MailPath(mailbox.Trim());
            if (path.Domain.Length > 0)
            {
                yield return new MailPath(path.Plain);
            }
        }
    }

    private static List<string> Split(string value)
    {
        var parts = new List<string>();
        int start = 0, comments = 0;
        bool isQuoted = false, isBracketed = false;
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            if (c == '\\')
            {
                i++;
            }
            else if (c == '"' && comments == 0)
            {
                isQuoted = !isQuoted;
            }
            else if (isQuoted)
            {
                continue;
            }
            else if (c is '(' or ')')
            {
                comments = Math.Max(0, comments + (c == '(' ? 1 : -1));
            }
            else if (comments == 0)
            {
                isBracketed = c is '<' or '[' || (isBracketed && c is not ('>' or ']'));
                if (!isBracketed && (c is ',' or ';' or ':'))
                {
                    // What stands before a colon is the name of a group.
                    parts.Add(c == ':' ? "" : value[start..i]);
                    start = i + 1;
                }
            }
        }

        parts.Add(value[start..]);
        return parts;
    }
}
