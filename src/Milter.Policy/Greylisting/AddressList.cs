namespace Milter.Policy;

/// <summary>Addresses, domains and local parts that are meant by a list: <c>joe@example.org</c>, <c>example.org</c> with all below it, <c>postmaster@</c>.</summary>
internal sealed class AddressList
{
    private readonly HashSet<string> _entries;

    public AddressList(IEnumerable<string> entries) => _entries = new HashSet<string>(entries.Select(static entry => entry.Trim()), StringComparer.OrdinalIgnoreCase);

    public bool Contains(string address)
    {
        if (_entries.Count == 0 || address.Length == 0)
        {
            return false;
        }

        foreach (string key in MailKeys.Of(address))
        {
            if (_entries.Contains(key))
            {
                return true;
            }
        }

        return false;
    }
}
