using System.Text;

namespace Milter.Tool;

/// <summary>Leaves out blanks at the ends of lines, with which tables are filled up, and ends lines with a line feed.</summary>
internal sealed class TrimmedWriter(TextWriter inner) : TextWriter
{
    private int _blanks;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        switch (value)
        {
            case ' ':
                _blanks++;
                return;
            case '\r':
                return;
            case '\n':
                _blanks = 0;
                inner.Write('\n');
                return;
            default:
                for (; _blanks > 0; _blanks--)
                {
                    inner.Write(' ');
                }

                inner.Write(value);
                return;
        }
    }

    public override void Flush() => inner.Flush();
}
