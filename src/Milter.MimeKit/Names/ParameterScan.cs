using System.Text;

namespace Milter.Mime.Names;

/// <summary>Takes the parameters of a Content-Type or Content-Disposition apart as tolerant readers do, and keeps the readings on which they differ.</summary>
/// <remarks>Nothing is an error: no quote at the end, blanks without quotes, comments, a semicolon that is missing, a parameter that comes twice.</remarks>
internal sealed class ParameterScan
{
    private const int MaxParameters = 200;

    private readonly string _text;
    private readonly List<ParameterReading> _found = [];
    private int _at;

    private ParameterScan(string text) => _text = text;

    /// <summary>Reads the parameters of a value.</summary>
    /// <param name="value">The unfolded value, a char for each byte.</param>
    public static List<ParameterReading> Read(string value)
    {
        var scan = new ParameterScan(value);
        scan.Run();
        return scan._found;
    }

    private char Next => _at < _text.Length ? _text[_at] : '\0';

    private bool IsAtEnd => _at >= _text.Length;

    private void Run()
    {
        while (!IsAtEnd && _found.Count < MaxParameters)
        {
            SkipBetween();
            int start = _at;
            while (!IsAtEnd && Next is not (';' or '=' or ' ' or '\t' or '(' or '"' or ','))
            {
                _at++;
            }

            string name = _text[start.._at];
            if (Next == '"' && name.Length == 0)
            {
                Quoted(out _);
                continue;
            }

            SkipBlanks();
            if (Next != '=')
            {
                _at += name.Length == 0 && !IsAtEnd ? 1 : 0;
                continue;
            }

            _at++;
            SkipBlanks();
            List<string> values = Next == '"' ? QuotedValue() : PlainValue();
            if (name.Length > 0)
            {
                _found.Add(ParameterReading.Of(name, values));
            }
        }
    }

    private void SkipBetween()
    {
        while (Next is ' ' or '\t' or ';' or ',' || Next == '(')
        {
            if (Next == '(')
            {
                Comment();
            }
            else
            {
                _at++;
            }
        }
    }

    private void SkipBlanks()
    {
        while (Next is ' ' or '\t' || Next == '(')
        {
            if (Next == '(')
            {
                Comment();
            }
            else
            {
                _at++;
            }
        }
    }

    // In parentheses, nested, with backslashes. One without an end is no comment: the parenthesis is passed over.
    private void Comment()
    {
        int depth = 0;
        for (int i = _at; i < _text.Length; i++)
        {
            switch (_text[i])
            {
                case '\\':
                    i++;
                    break;
                case '(':
                    depth++;
                    break;
                case ')' when --depth == 0:
                    _at = i + 1;
                    return;
                default:
                    break;
            }
        }

        _at++;
    }

    private string Quoted(out string asWritten)
    {
        var plain = new StringBuilder();
        int start = ++_at;
        while (!IsAtEnd && Next != '"')
        {
            if (Next == '\\' && _at + 1 < _text.Length)
            {
                _at++;
            }

            plain.Append(_text[_at++]);
        }

        asWritten = _text[start.._at];
        _at += IsAtEnd ? 0 : 1;
        return plain.ToString();
    }

    private List<string> QuotedValue()
    {
        int open = _at;
        string plain = Quoted(out string asWritten);
        bool isClosed = _at > open + 1 && _text[_at - 1] == '"';
        List<string> values = [plain];
        Add(values, asWritten);
        if (!isClosed)
        {
            // Some take all to the end, some only to the next semicolon.
            int semicolon = asWritten.IndexOf(';', StringComparison.Ordinal);
            if (semicolon >= 0)
            {
                Add(values, asWritten[..semicolon]);
                _at = open + 1 + semicolon;
            }

            return values;
        }

        int start = _at;
        while (!IsAtEnd && Next != ';')
        {
            _at = Next == '"' ? EndOfQuoted() : _at + 1;
        }

        string behind = _text[start.._at];
        if (behind.AsSpan().Trim().Length > 0)
        {
            // "evil".exe is evil to some and evil.exe to others; and what is no part of the value may be the next parameter.
            Add(values, plain + behind.Trim().Replace("\"", "", StringComparison.Ordinal));
            if (behind.Contains('=', StringComparison.Ordinal))
            {
                _at = start;
            }
        }

        return values;
    }

    private int EndOfQuoted()
    {
        int at = _at;
        Quoted(out _);
        int end = _at;
        _at = at;
        return end;
    }

    private List<string> PlainValue()
    {
        int start = _at;
        while (!IsAtEnd && Next != ';')
        {
            _at = Next == '"' ? EndOfQuoted() : _at + 1;
        }

        string whole = _text[start.._at].Trim();
        List<string> values = [whole];
        int blank = whole.AsSpan().IndexOfAny(" \t(");
        if (blank >= 0)
        {
            Add(values, whole[..blank]);
            int comment = whole.IndexOf('(', StringComparison.Ordinal);
            if (comment > 0)
            {
                Add(values, whole[..comment].TrimEnd());
            }

            int equals = whole.IndexOf('=', blank);
            if (equals > 0)
            {
                // A semicolon that is missing: a second parameter may follow the blank.
                _at = start + blank;
            }
        }

        if (whole.Contains('"', StringComparison.Ordinal))
        {
            Add(values, whole.Replace("\"", "", StringComparison.Ordinal));
        }

        return values;
    }

    private static void Add(List<string> values, string value)
    {
        if (!values.Contains(value))
        {
            values.Add(value);
        }
    }
}
