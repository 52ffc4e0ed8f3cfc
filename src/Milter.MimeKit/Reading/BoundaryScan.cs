using System.Buffers;
using System.Text;
using Milter.Mime.Names;

namespace Milter.Mime.Reading;

/// <summary>Looks for lines that other readers would take for boundaries and that this one did not, and takes the names of the parts that begin there to them.</summary>
/// <remarks>Lines begin after CR LF, LF or CR, and a boundary need only begin them (RFC 2046, 5.1.1), as the most tolerant readers have it.</remarks>
internal sealed class BoundaryScan
{
    private const int BlockSize = 64 * 1024;
    private const int MaxFound = 100;
    private const int MaxLengths = 100;
    private const int MaxHeader = 16 * 1024;
    private const int MaxRounds = 3;

    // Less than this is read sooner than passed over.
    private const int MinSkipped = 2048;

    private readonly PartSource _source;
    private readonly List<MailPart> _parts;
    private readonly ReadBudget _budget;
    private readonly HashSet<string> _boundaries = new(StringComparer.Ordinal);
    private readonly HashSet<long> _found = [];
    private readonly List<MailPart> _unbounded;
    private int[] _lengths = [];

    private BoundaryScan(PartSource source, List<MailPart> parts, ReadBudget budget)
    {
        (_source, _parts, _budget) = (source, parts, budget);
        _unbounded = parts.FindAll(part => part.IsMultipart && (string.IsNullOrEmpty(part.Boundary) || part.Children.Count == 0));
    }

    public static void Run(PartSource source, List<MailPart> parts, ReadBudget budget, CancellationToken cancellationToken)
    {
        var scan = new BoundaryScan(source, parts, budget);
        foreach (MailPart part in parts)
        {
            foreach (string boundary in part.Boundaries)
            {
                scan._boundaries.Add(boundary);
            }
        }

        // A part that is found has boundaries of its own.
        int known = -1;
        for (int round = 0; round < MaxRounds && known != scan._boundaries.Count && (scan._boundaries.Count > 0 || scan._unbounded.Count > 0); round++)
        {
            known = scan._boundaries.Count;
            scan.Look(cancellationToken);
        }
    }

    private void Look(CancellationToken cancellationToken)
    {
        _lengths = [.. _boundaries.Select(boundary => boundary.Length).Distinct().Order().Take(MaxLengths)];
        int longest = 2 + (_lengths.Length == 0 ? 0 : _lengths[^1]);
        int keep = Math.Max(longest, 256);
        int size = BlockSize + keep + 2;
        byte[] rented = ArrayPool<byte>.Shared.Rent(size);
        Span<byte> block = rented.AsSpan(0, size);
        long at = 0;
        foreach (MailPart part in _parts)
        {
            if (part.IsAllBase64 && part.ContentBegin >= at && part.ContentEnd - part.ContentBegin >= MinSkipped)
            {
                Look(block, at, part.ContentBegin, keep, cancellationToken);
                at = part.ContentEnd;
            }
        }

        Look(block, at, _source.Stream.Length, keep, cancellationToken);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private void Look(Span<byte> block, long begin, long end, int keep, CancellationToken cancellationToken)
    {
        // Two bytes before are needed, to see how the line before ended, and some behind.
        long start = Math.Max(0, begin - 2);
        int filled = 0;
        while (_found.Count < MaxFound)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int wanted = (int)Math.Min(block.Length, end - start + keep);
            _source.Stream.Position = start + filled;
            filled += _source.Stream.ReadAtLeast(block[filled..wanted], wanted - filled, throwOnEndOfStream: false);
            bool isLast = filled < block.Length;
            int usable = (int)Math.Min(isLast ? filled : filled - keep, end - start);
            Scan(block[..filled], usable, start);
            if (isLast || start + usable >= end)
            {
                return;
            }

            int drop = usable - 2;
            block[drop..filled].CopyTo(block);
            start += drop;
            filled -= drop;
        }
    }

    private void Scan(ReadOnlySpan<byte> block, int usable, long start)
    {
        for (int at = 0; at < usable;)
        {
            int next = block[at..].IndexOf("--"u8);
            if (next < 0 || (at += next) >= usable)
            {
                return;
            }

            if (start + at == 0 || (at > 0 && block[at - 1] is (byte)'\n' or (byte)'\r'))
            {
                Line(block, at, start + at);
            }

            // On to the end of the dashes.
            while (at < usable && block[at] == '-')
            {
                at++;
            }
        }
    }

    private void Line(ReadOnlySpan<byte> block, int at, long offset)
    {
        if (_source.Boundaries.Contains(offset))
        {
            if (_source.UsesCrLf == true && at > 1 && block[at - 1] == '\n' && block[at - 2] != '\r')
            {
                _budget.Say(AmbiguityKind.LineEnds, PartAt(offset), "the line before a boundary ends in LF alone, others in CR LF");
            }
        }
        else if (Matches(block[(at + 2)..]) || IsGuessed(block[at..], offset))
        {
            Found(offset);
        }
    }

    private bool Matches(ReadOnlySpan<byte> rest)
    {
        foreach (int length in _lengths)
        {
            if (length > rest.Length)
            {
                return false;
            }

            if (_boundaries.Contains(FieldText.Decode(Encoding.Latin1.GetString(rest[..length]))) || _boundaries.Contains(Encoding.Latin1.GetString(rest[..length])))
            {
                return true;
            }
        }

        return false;
    }

    // In a multipart without a boundary, or whose boundary is nowhere: a line of dashes and something, and a content field in the next.
    private bool IsGuessed(ReadOnlySpan<byte> line, long offset)
    {
        if (!_unbounded.Exists(part => offset >= part.ContentBegin && offset < part.ContentEnd))
        {
            return false;
        }

        int end = line.IndexOfAny((byte)'\r', (byte)'\n');
        return end > 2 && Ascii.EqualsIgnoreCase(line[end..].TrimStart("\r\n"u8) is { Length: >= 8 } next ? next[..8] : [], "content-"u8);
    }

    private void Found(long offset)
    {
        if (_found.Count >= MaxFound || !_found.Add(offset))
        {
            return;
        }

        MailPart part = PartAt(offset);
        _budget.Say(AmbiguityKind.Boundaries, part, "a line in it is a boundary to some readers, and was not taken for one");
        ReadOnlySpan<byte> text = SourceReader.Bytes(_source.Stream, offset, MaxHeader);
        int end = text.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0)
        {
            return;
        }

        end += text[end..].StartsWith("\r\n"u8) ? 2 : 1;
        var names = new NameReader();
        foreach (string name in part.Names)
        {
            names.Add(name);
        }

        foreach (ContentField field in LooseFields.Read(text[end..], stopsAtBlank: true))
        {
            if (field.Is("Content-Disposition"))
            {
                names.ReadDisposition(field.Value);
            }
            else if (field.Is("Content-Type"))
            {
                names.ReadType(field.Value);
                _boundaries.UnionWith(NameReader.Values(field.Value, "boundary"));
            }
        }

        part.Names = names.Names;
    }

    private MailPart PartAt(long offset) => _parts.FindLast(part => part.Begin <= offset && offset < part.End) ?? _parts[0];
}
