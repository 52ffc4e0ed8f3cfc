using System.Text;

namespace Milter.Tool;

/// <summary>Writes after what another writer holds back: where both go to one file or pipe, errors stand behind what was said before them.</summary>
internal sealed class OrderedWriter(TextWriter inner, TextWriter before) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        before.Flush();
        inner.Write(value);
    }

    public override void Write(string? value)
    {
        before.Flush();
        inner.Write(value);
        inner.Flush();
    }

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Flush() => inner.Flush();
}
