using System.Buffers;
using System.Text;

namespace Milter.Auth;

/// <summary>Writes the value of Authentication-Results (RFC 8601). What a stranger wrote is quoted, or left out where it can't be.</summary>
internal sealed class ResultsWriter
{
    private static readonly SearchValues<char> s_token = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._+!#$&'*^`{}|~@");
    private const int LongestComment = 120;

    private readonly StringBuilder _text = new();
    private bool _isAny;

    public ResultsWriter(string authservId) => _text.Append(Quoted(authservId));

    /// <summary>Begins a result.</summary>
    public ResultsWriter Add(string method, AuthResult result, string reason)
    {
        _isAny = true;
        _text.Append("; ").Append(method).Append('=').Append(result.Word());
        if (Comment(reason) is { Length: > 0 } comment)
        {
            _text.Append(" (").Append(comment).Append(')');
        }

        return this;
    }

    /// <summary>Adds what was judged.</summary>
    public ResultsWriter With(string property, string value)
    {
        if (value.Length > 0 && Ascii.IsValid(value) && !value.AsSpan().ContainsAnyInRange('\0', '\x1f') && !value.Contains('\x7f', StringComparison.Ordinal))
        {
            _text.Append(' ').Append(property).Append('=').Append(Quoted(value));
        }

        return this;
    }

    public override string ToString() => _isAny ? _text.ToString() : _text + "; none";

    private static string Quoted(string value) => value.AsSpan().ContainsAnyExcept(s_token)
        ? $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
        : value;

    private static string Comment(string text)
    {
        string plain = new([.. text.Select(static c => c is < ' ' or > '~' or '(' or ')' or '\\' or ';' or '"' ? ' ' : c)]);
        return plain.Length > LongestComment ? plain[..LongestComment].Trim() : plain.Trim();
    }
}
