namespace Milter.Protocol;

/// <summary>Enumerates the words of a text between spaces, as ranges; runs of spaces count as one.</summary>
internal ref struct SpaceSeparated(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _next;

    public Range Current { get; private set; }

    public readonly SpaceSeparated GetEnumerator() => this;

    public bool MoveNext()
    {
        int skip = _text[_next..].IndexOfAnyExcept((byte)' ');
        if (skip < 0)
        {
            return false;
        }

        int start = _next + skip;
        int length = _text[start..].IndexOf((byte)' ');
        _next = length < 0 ? _text.Length : start + length;
        Current = start.._next;
        return true;
    }
}
