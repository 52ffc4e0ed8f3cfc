using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Milter.Generators.Infrastructure;

/// <summary>Writes lines and owns their indent. Lines end in <c>\n</c> on every system.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public SourceWriter Line(string text = "")
    {
        if (text.Length > 0)
        {
            _text.Append(' ', _depth * 4).Append(text);
        }

        _text.Append('\n');
        return this;
    }

    /// <summary>Writes <paramref name="header"/> and braces around what follows.</summary>
    public Scope Block(string header, string closing = "}")
    {
        Line(header).Line("{");
        return new Scope(this, closing);
    }

    /// <summary>Writes <paramref name="header"/> and indents what follows.</summary>
    public Scope Indented(string header)
    {
        Line(header);
        return new Scope(this, closing: null);
    }

    /// <summary>Writes <c>head(items)tail</c> on one line, or with a line for each item where that would be too long.</summary>
    public SourceWriter Call(string head, IReadOnlyList<string> items, string tail)
    {
        const int TooLong = 140;
        string joined = string.Join(", ", items);
        if (items.Count == 0 || (_depth * 4) + head.Length + joined.Length + tail.Length + 2 <= TooLong)
        {
            return Line($"{head}({joined}){tail}");
        }

        using (Indented(head + "("))
        {
            for (int i = 0; i < items.Count; i++)
            {
                Line(items[i] + (i < items.Count - 1 ? "," : ")" + tail));
            }
        }

        return this;
    }

    public SourceText ToSourceText() => SourceText.From(_text.ToString(), Encoding.UTF8);

    /// <summary>Ends an indented region when disposed.</summary>
    public readonly struct Scope : IDisposable
    {
        private readonly SourceWriter _writer;
        private readonly string? _closing;

        public Scope(SourceWriter writer, string? closing)
        {
            _writer = writer;
            _closing = closing;
            writer._depth++;
        }

        public void Dispose()
        {
            _writer._depth--;
            if (_closing is not null)
            {
                _writer.Line(_closing);
            }
        }
    }
}
