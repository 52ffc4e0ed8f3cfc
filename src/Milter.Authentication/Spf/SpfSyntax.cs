using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Milter.Auth;

/// <summary>The grammar of what stands behind the name of a mechanism or modifier (RFC 7208 sections 5, 6, 7.1 and 12). Each member gives what is wrong, or <see langword="null"/>.</summary>
internal static class SpfSyntax
{
    public static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
    private static readonly SearchValues<char> s_literal = SearchValues.Create("0123456789abcdefABCDEF:.");
    private static readonly SearchValues<char> s_label = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789");
    private const string Delimiters = ".-+,/_=";
    private const string Letters = "slodiphv";
    private const string ExplanationLetters = "slodiphvcrt";

    /// <summary>Reads the arguments of a mechanism.</summary>
    public static string? Read(SpfTerm term, string arguments, out SpfTerm read)
    {
        read = term;
        switch (term.Mechanism)
        {
            case SpfMechanism.All:
                return arguments.Length == 0 ? null : "\"all\" takes nothing";
            case SpfMechanism.Ip4:
            case SpfMechanism.Ip6:
                return Network(term, arguments, out read);
            case SpfMechanism.A:
            case SpfMechanism.Mx:
                return Prefixes(term, ref arguments, out read) ?? Domain(read, arguments, isWanted: false, out read);
            default:
                return Domain(term, arguments, term.Mechanism != SpfMechanism.Ptr, out read);
        }
    }

    /// <summary>Checks a domain-spec: macro-string, ended by a macro or by a dot and a top label.</summary>
    public static string? CheckDomain(string text)
    {
        if (text.Length == 0)
        {
            return "a domain has to follow";
        }

        if (CheckMacros(text, isExplanation: false, out bool endsInMacro) is { } problem)
        {
            return problem;
        }

        if (endsInMacro)
        {
            return null;
        }

        string name = text[^1] == '.' ? text[..^1] : text;
        int dot = name.LastIndexOf('.');
        return dot < 0 ? $"\"{text}\" is no domain of two labels or more"
            : IsTopLabel(name.AsSpan(dot + 1)) ? null
            : $"\"{name[(dot + 1)..]}\" is no top-level domain{(IPAddress.TryParse(name, out _) ? " (addresses go with ip4: and ip6:)" : "")}";
    }

    /// <summary>Checks the macros of a text.</summary>
    public static string? CheckMacros(string text, bool isExplanation) => CheckMacros(text, isExplanation, out _);

    private static string? CheckMacros(string text, bool isExplanation, out bool endsInMacro)
    {
        endsInMacro = false;
        for (int i = 0; i < text.Length; i++)
        {
            endsInMacro = text[i] == '%';
            if (text[i] is <= ' ' or >= '\x7f' && !(isExplanation && text[i] == ' '))
            {
                return "it has a character that is not allowed";
            }

            if (!endsInMacro)
            {
                continue;
            }

            int length = i + 1 < text.Length && text[i + 1] is '%' or '_' or '-' ? 2 : SpfMacro.TryRead(text.AsSpan(i), out _);
            if (length == 0)
            {
                return "a % that begins no macro: literally it is %%";
            }

            if (length > 2 && !(isExplanation ? ExplanationLetters : Letters).Contains(char.ToLowerInvariant(text[i + 2]), StringComparison.Ordinal))
            {
                return ExplanationLetters.Contains(char.ToLowerInvariant(text[i + 2]), StringComparison.Ordinal)
                    ? $"the macro %{{{text[i + 2]}}} is for explanations only"
                    : $"there is no macro %{{{text[i + 2]}}}";
            }

            i += length - 1;
        }

        return null;
    }

    public static bool IsDelimiter(char c) => Delimiters.Contains(c, StringComparison.Ordinal);

    private static string? Domain(SpfTerm term, string arguments, bool isWanted, out SpfTerm read)
    {
        read = term;
        if (arguments.Length == 0)
        {
            return isWanted ? "a domain has to follow, behind a colon" : null;
        }

        if (arguments[0] != ':')
        {
            return $"\"{arguments}\" does not go there";
        }

        read = term with { Domain = arguments[1..] };
        return CheckDomain(read.Domain!);
    }

    private static string? Network(SpfTerm term, string arguments, out SpfTerm read)
    {
        read = term;
        bool is4 = term.Mechanism == SpfMechanism.Ip4;
        if (arguments.Length < 2 || arguments[0] != ':')
        {
            return "a network has to follow, behind a colon";
        }

        int slash = arguments.IndexOf('/', StringComparison.Ordinal);
        string address = slash < 0 ? arguments[1..] : arguments[1..slash];
        int prefix = is4 ? 32 : 128;
        if (slash >= 0 && Prefix(arguments.AsSpan(slash + 1), prefix, out prefix) is { } problem)
        {
            return problem;
        }

        if (!(is4 ? TryIp4(address, out IPAddress? network) : TryIp6(address, out network)))
        {
            return $"\"{address}\" is no {(is4 ? "IPv4" : "IPv6")} address";
        }

        read = term with { Network = network, Prefix4 = is4 ? prefix : 32, Prefix6 = is4 ? 128 : prefix };
        return null;
    }

    /// <summary>Takes <c>/24</c>, <c>//64</c> or <c>/24//64</c> off the end. A domain may have slashes of its own.</summary>
    private static string? Prefixes(SpfTerm term, ref string arguments, out SpfTerm read)
    {
        read = term;
        int digits = DigitsFrom(arguments);
        if (digits > 1 && digits < arguments.Length && arguments.AsSpan(0, digits).EndsWith("//"))
        {
            if (Prefix(arguments.AsSpan(digits), 128, out int six) is { } problem)
            {
                return problem;
            }

            read = read with { Prefix6 = six };
            arguments = arguments[..(digits - 2)];
            digits = DigitsFrom(arguments);
        }

        if (digits > 0 && digits < arguments.Length && arguments[digits - 1] == '/')
        {
            if (Prefix(arguments.AsSpan(digits), 32, out int four) is { } problem)
            {
                return problem;
            }

            read = read with { Prefix4 = four };
            arguments = arguments[..(digits - 1)];
        }

        return null;
    }

    private static int DigitsFrom(string text)
    {
        int at = text.Length;
        while (at > 0 && char.IsAsciiDigit(text[at - 1]))
        {
            at--;
        }

        return at;
    }

    // Leading zeros are refused in addresses (section 12), and so here.
    private static string? Prefix(ReadOnlySpan<char> text, int most, out int prefix) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out prefix) && prefix <= most && (text.Length == 1 || text[0] != '0')
            ? null
            : $"\"{text}\" is no length of a network from 0 to {most}";

    private static bool TryIp4(string text, out IPAddress? address)
    {
        address = null;
        string[] parts = text.Split('.');
        return parts.Length == 4
            && parts.All(static part => part.Length is > 0 and < 4 && part.All(char.IsAsciiDigit) && (part.Length == 1 || part[0] != '0'))
            && IPAddress.TryParse(text, out address);
    }

    private static bool TryIp6(string text, out IPAddress? address)
    {
        address = null;
        return text.Contains(':', StringComparison.Ordinal)
            && !text.AsSpan().ContainsAnyExcept(s_literal)
            && IPAddress.TryParse(text, out address)
            && address.AddressFamily == AddressFamily.InterNetworkV6;
    }

    private static bool IsTopLabel(ReadOnlySpan<char> label) =>
        label.Length > 0
        && !label.ContainsAnyExcept(s_label)
        && label[0] != '-' && label[^1] != '-'
        && label.ContainsAnyExcept(s_digits);
}
