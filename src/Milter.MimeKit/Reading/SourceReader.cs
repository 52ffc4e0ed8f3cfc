using System.Text;
using Milter.Mime.Nested;

namespace Milter.Mime.Reading;

/// <summary>Reads what a stream holds into a tree: structure first, then what each part says of itself, then what is in it.</summary>
internal sealed class SourceReader(ReadBudget budget, CancellationToken cancellationToken)
{
    private const int MaxLooseBlock = 256 * 1024;
    private const int MaxSkippedHeader = 64 * 1024;

    /// <summary>Reads a message.</summary>
    /// <param name="stream">The bytes, seekable.</param>
    /// <param name="parent">The part that it was encoded in, if any.</param>
    /// <returns>Its first part, which is its root.</returns>
    public MailPart Read(Stream stream, MailPart? parent)
    {
        var source = new PartSource(stream, DepthOf(parent));
        PartReader reader = ReaderAt(0, source, parent);
        string? failure = Run(reader, out bool isHeaderless);
        if (isHeaderless && reader.Parts.Count == 0)
        {
            reader = ReadWithoutHeader(source, parent, reader.LastHeader);
        }

        MailPart root = reader.Parts[0];
        if (isHeaderless && stream.Length > 0)
        {
            budget.Say(AmbiguityKind.Header, root, "it does not begin with a header");
        }

        if (failure is not null)
        {
            budget.Say(AmbiguityKind.Limit, root, failure);
        }

        var contents = new ContentReader(budget, this, cancellationToken);
        foreach (MailPart part in reader.Parts)
        {
            part.ContentEnd = Math.Max(part.ContentBegin, part.ContentEnd);
            if (part.Header.IsOdd)
            {
                part.Header.AddLoose(LooseFields.Read(Bytes(stream, part.Header.Begin, Math.Min(part.Header.End - part.Header.Begin, MaxLooseBlock)), stopsAtBlank: false));
            }

            PartJudge.Judge(part, budget);
            contents.ReadThrough(part);
        }

        BoundaryScan.Run(source, reader.Parts, budget, cancellationToken);
        foreach (MailPart part in reader.Parts)
        {
            contents.Look(part);
        }

        return root;
    }

    /// <summary>Reads bytes of a stream.</summary>
    public static byte[] Bytes(Stream stream, long begin, long count)
    {
        byte[] bytes = new byte[Math.Max(0, Math.Min(count, stream.Length - begin))];
        stream.Position = begin;
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    private static int DepthOf(MailPart? part)
    {
        int depth = 0;
        for (; part is not null; part = part.Parent)
        {
            depth++;
        }

        return depth;
    }

    // The parser counts places from where the stream stands when it is made.
    private PartReader ReaderAt(long start, PartSource source, MailPart? parent)
    {
        source.Stream.Position = start;
        return new PartReader(source, parent, budget);
    }

    private string? Run(PartReader reader, out bool isHeaderless)
    {
        isHeaderless = false;
        try
        {
            reader.ReadMessage(cancellationToken);
            return null;
        }
        catch (FormatException)
        {
            isHeaderless = true;
            return null;
        }
        catch (LimitException limit)
        {
            // The first part of all always fits.
            isHeaderless = reader.Parts.Count == 0;
            return limit.Message;
        }
    }

    // The first line is no field. To most readers all is a body then; some pass over such lines, so that there may be a header behind them.
    private PartReader ReadWithoutHeader(PartSource source, MailPart? parent, HeaderBlock header)
    {
        long start = header.Content.Count > 0 ? -1 : FirstField(source.Stream);
        if (start > 0)
        {
            PartReader later = ReaderAt(start, source, parent);
            Run(later, out _);
            if (later.Parts is [{ Header.Content.Count: > 0 }, ..])
            {
                return later;
            }
        }

        var whole = new PartReader(source, parent, budget);
        whole.AddWhole(header.Content.Count > 0 ? header : new HeaderBlock(0));
        return whole;
    }

    private static long FirstField(Stream stream)
    {
        byte[] block = Bytes(stream, 0, MaxSkippedHeader);
        for (int at = 0; at < block.Length;)
        {
            int end = Array.IndexOf(block, (byte)'\n', at);
            ReadOnlySpan<byte> line = block.AsSpan(at..(end < 0 ? block.Length : end)).TrimEnd((byte)'\r');
            if (line.Length == 0 || end < 0)
            {
                return -1;
            }

            int colon = line.IndexOf((byte)':');
            if (colon > 0 && Encoding.Latin1.GetString(line[..colon]).All(c => c is > ' ' and < '\x7f'))
            {
                return at;
            }

            at = end + 1;
        }

        return -1;
    }
}
