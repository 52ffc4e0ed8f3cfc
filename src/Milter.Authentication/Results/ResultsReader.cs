using System.Text;

namespace Milter.Auth;

/// <summary>The grammar of Authentication-Results (RFC 8601 section 2.2), with comments anywhere and values as lenient as they are met.</summary>
internal sealed class ResultsReader(string text)
{
    private int _at;

    /// <summary>Reads the name that the field begins with.</summary>
    public string? AuthservId()
    {
        string id = Value(";/");
        // A version may follow.
        ToSemicolon();
        return id.Length > 0 ? id : null;
    }

    /// <summary>Reads what stands between two semicolons.</summary>
    /// <returns>Whether there was something; the result is <see langword="null"/> where it can't be read.</returns>
    public bool NextResult(out AuthenticationMethodResult? result)
    {
        result = null;
        Skip();
        if (_at >= text.Length)
        {
            return false;
        }

        _at++;
        string method = Value("=;/");
        if (Take('/'))
        {
            _ = Value("=;");
        }

        if (Take('='))
        {
            string word = Value(";").ToLowerInvariant();
            var properties = new Dictionary<string, string>(StringComparer.Ordinal);
            string? reason = null;
            while (Property(out string name, out string value))
            {
                reason = name == "reason" ? value : reason;
                _ = name == "reason" || properties.TryAdd(name, value);
            }

            result = method.Length > 0 && word.Length > 0 ? new AuthenticationMethodResult(method.ToLowerInvariant(), word, reason, properties) : null;
        }

        ToSemicolon();
        return true;
    }

    private bool Property(out string name, out string value)
    {
        value = "";
        name = Value("=;.").ToLowerInvariant();
        if (Take('.'))
        {
            name += "." + Value("=;").ToLowerInvariant();
        }

        if (name.Length == 0 || !Take('='))
        {
            return false;
        }

        value = Value(";");
        return true;
    }

    /// <summary>Reads a token, a quoted string, or an address whose local part may be quoted, up to white space or one of some characters.</summary>
    private string Value(string ends)
    {
        Skip();
        var read = new StringBuilder();
        while (_at < text.Length && !char.IsWhiteSpace(text[_at]) && text[_at] != '(' && !ends.Contains(text[_at], StringComparison.Ordinal))
        {
            if (text[_at] != '"')
            {
                read.Append(text[_at++]);
                continue;
            }

            for (_at++; _at < text.Length && text[_at] != '"'; _at++)
            {
                _at += text[_at] == '\\' && _at + 1 < text.Length ? 1 : 0;
                read.Append(text[_at]);
            }

            _at = Math.Min(_at + 1, text.Length);
        }

        return read.ToString();
    }

    private bool Take(char one)
    {
        Skip();
        bool isThere = _at < text.Length && text[_at] == one;
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private void ToSemicolon()
    {
        while (_at < text.Length && text[_at] != ';')
        {
            int before = _at;
            _ = Value(";");
            Skip();
            _at += _at == before ? 1 : 0;
        }
    }

    /// <summary>Skips white space and comments, which may be nested.</summary>
    private void Skip()
    {
        int depth = 0;
        for (; _at < text.Length; _at++)
        {
            char c = text[_at];
            if (depth > 0 && c == '\\')
            {
                _at++;
            }
            else if (c == '(')
            {
                depth++;
            }
            else if (depth > 0 && c == ')')
            {
                depth--;
            }
            else if (depth == 0 && !char.IsWhiteSpace(c))
            {
                return;
            }
        }

        _at = Math.Min(_at, text.Length);
    }
}
