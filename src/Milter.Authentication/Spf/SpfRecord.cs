using System.Text;

namespace Milter.Auth;

/// <summary>An SPF record, read whole: what is wrong anywhere in it makes all of it wrong (RFC 7208 section 4.6).</summary>
internal sealed class SpfRecord
{
    private const string Version = "v=spf1";

    private static readonly string[] s_mechanisms = ["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"];

    private readonly List<SpfTerm> _terms = [];

    private SpfRecord()
    {
    }

    public IReadOnlyList<SpfTerm> Terms => _terms;

    public string? Redirect { get; private set; }

    public string? Explanation { get; private set; }

    /// <summary>Says whether a TXT record is an SPF record (section 4.5).</summary>
    public static bool Is(string text) =>
        text.StartsWith(Version, StringComparison.OrdinalIgnoreCase) && (text.Length == Version.Length || text[Version.Length] == ' ');

    /// <summary>Reads a record.</summary>
    /// <returns>What is wrong with it; <see langword="null"/> for nothing.</returns>
    public static string? Parse(string text, out SpfRecord record)
    {
        record = new SpfRecord();
        if (!Ascii.IsValid(text))
        {
            return "the record has characters beyond ASCII";
        }

        foreach (string term in text[Version.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (record.Add(term) is { } problem)
            {
                return $"\"{term}\": {problem}";
            }
        }

        return null;
    }

    private string? Add(string term)
    {
        int name = term.AsSpan().IndexOfAny(":/=");
        return name >= 0 && term[name] == '=' ? AddModifier(term[..name], term[(name + 1)..]) : AddMechanism(term, name);
    }

    private string? AddModifier(string name, string value)
    {
        if (name.Length == 0 || !char.IsAsciiLetter(name[0]) || name.AsSpan().ContainsAnyExcept(SpfSyntax.NameCharacters))
        {
            return "no modifier has such a name";
        }

        bool isRedirect = name.Equals("redirect", StringComparison.OrdinalIgnoreCase);
        if (!isRedirect && !name.Equals("exp", StringComparison.OrdinalIgnoreCase))
        {
            return SpfSyntax.CheckMacros(value, isExplanation: true);
        }

        if ((isRedirect ? Redirect : Explanation) is not null)
        {
            return "it is there twice";
        }

        if (isRedirect)
        {
            Redirect = value;
        }
        else
        {
            Explanation = value;
        }

        return SpfSyntax.CheckDomain(value);
    }

    private string? AddMechanism(string term, int nameEnd)
    {
        AuthResult? given = term[0] switch { '+' => AuthResult.Pass, '-' => AuthResult.Fail, '~' => AuthResult.SoftFail, '?' => AuthResult.Neutral, _ => null };
        int start = given is null ? 0 : 1;
        int end = nameEnd < 0 ? term.Length : nameEnd;
        int found = end < start ? -1 : Array.FindIndex(s_mechanisms, one => term.AsSpan(start, end - start).Equals(one, StringComparison.OrdinalIgnoreCase));
        if (found < 0)
        {
            return "there is no such mechanism";
        }

        string? problem = SpfSyntax.Read(new SpfTerm((SpfMechanism)found, given ?? AuthResult.Pass, term), term[end..], out SpfTerm read);
        _terms.Add(read);
        return problem;
    }
}
