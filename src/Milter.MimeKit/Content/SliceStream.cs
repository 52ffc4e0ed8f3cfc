namespace Milter.Mime.Content;

/// <summary>A range of a stream that can only be read from its beginning.</summary>
internal sealed class SliceStream(Stream source, long begin, long length) : ReadOnlyStream
{
    private long _skip = begin;
    private long _left = length;

    public override int Read(Span<byte> buffer)
    {
        Span<byte> passed = stackalloc byte[1024];
        while (_skip > 0)
        {
            int skipped = source.Read(passed[..(int)Math.Min(passed.Length, _skip)]);
            if (skipped == 0)
            {
                return 0;
            }

            _skip -= skipped;
        }

        int read = _left == 0 ? 0 : source.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
