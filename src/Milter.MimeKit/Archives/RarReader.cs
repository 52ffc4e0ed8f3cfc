using Milter.Mime.Content;
using Milter.Mime.Names;
using Milter.Mime.Reading;

namespace Milter.Mime.Archives;

/// <summary>Reads the names of a rar file of either format from the headers of its files (RAR's technotes). Files that are stored are looked into.</summary>
internal sealed class RarReader(Stream content, IArchiveSink sink)
{
    private const int MarkLength = 7;
    private const int MaxHeader = 2 << 20;
    private const int FixedLength = 11;

    // Most of them are files, of which there are fewer.
    private const int MaxBlocks = 100_000;

    private readonly List<PackedEntry> _closed = [];
    private int _blocks;

    /// <summary>Reads the archive.</summary>
    /// <returns>The files that are packed in a way that is not undone here.</returns>
    public static List<PackedEntry> Read(Stream content, IArchiveSink sink)
    {
        var reader = new RarReader(content, sink);
        byte[] mark = SourceReader.Bytes(content, 0, MarkLength + 1);
        switch (mark.AsSpan(Math.Min(MarkLength - 1, mark.Length)))
        {
            case [0, ..]:
                reader.ReadOld(MarkLength);
                break;
            case [1, 0]:
                reader.ReadNew(MarkLength + 1);
                break;
            default:
                throw ByteCursor.Broken();
        }

        return reader._closed;
    }

    // RAR 1.5 to 4: blocks whose fields have a fixed width.
    private void ReadOld(long place)
    {
        const int Main = 0x73, File = 0x74, Service = 0x7a, End = 0x7b, HasData = 0x8000, HeadersEncrypted = 0x80;
        while (place < content.Length)
        {
            var fixedPart = new ByteCursor(SourceReader.Bytes(content, place, FixedLength));
            fixedPart.UInt16();
            byte type = fixedPart.Byte();
            int flags = fixedPart.UInt16();
            int length = fixedPart.UInt16();
            long data = (flags & HasData) != 0 || type is File or Service ? fixedPart.UInt32() : 0;
            if (length < MarkLength)
            {
                throw ByteCursor.Broken();
            }

            if (type == Main && (flags & HeadersEncrypted) != 0)
            {
                SayEncrypted();
                return;
            }

            if (type is File or Service)
            {
                OldRarFile file = OldRarFile.Read(SourceReader.Bytes(content, place + FixedLength, length - FixedLength), flags, data);
                data = file.Packed;
                if (type == File)
                {
                    Take(file.Names, file.Size, file.Packed, file.IsEncrypted, file.IsPiece, file.IsFolder, file.IsStored, place + length);
                }
            }

            if (type == End)
            {
                return;
            }

            place = Next(place, length, data);
        }
    }

    // RAR 5: numbers of seven bits a byte, and names in UTF-8.
    private void ReadNew(long place)
    {
        const int File = 2, Encryption = 4, End = 5, Checksum = 4, MaxNumber = 3;
        while (place < content.Length)
        {
            var head = new ByteCursor(SourceReader.Bytes(content, place + Checksum, MaxNumber));
            int left = head.Left;
            long length = head.SevenBits();
            place += Checksum + left - head.Left;
            if (length is 0 or > MaxHeader)
            {
                throw ByteCursor.Broken();
            }

            var block = new ByteCursor(SourceReader.Bytes(content, place, length));
            long type = block.SevenBits();
            long flags = block.SevenBits();
            long extra = (flags & 1) != 0 ? block.SevenBits() : 0;
            long data = (flags & 2) != 0 ? block.SevenBits() : 0;
            switch (type)
            {
                case File:
                    TakeNew(ref block, flags, extra, data, place + length);
                    break;
                case Encryption:
                    SayEncrypted();
                    return;
                case End:
                    return;
                default:
                    break;
            }

            place = Next(place, length, data);
        }
    }

    private void TakeNew(ref ByteCursor block, long blockFlags, long extra, long packed, long data)
    {
        const int IsFolder = 1, HasTime = 2, HasSum = 4, SizeUnknown = 8, Pieces = 0x18, Encrypted = 1;
        long flags = block.SevenBits();
        long size = block.SevenBits();
        block.SevenBits();
        block.Take(((flags & HasTime) != 0 ? 4 : 0) + ((flags & HasSum) != 0 ? 4 : 0));
        long method = (block.SevenBits() >> 7) & 7;
        block.SevenBits();
        string name = System.Text.Encoding.UTF8.GetString(block.Take(block.SevenBits()));
        bool isEncrypted = false;
        block.Take(Math.Max(0, block.Left - extra));
        while (block.Left > 0)
        {
            var record = new ByteCursor(block.Take(block.SevenBits()));
            isEncrypted |= record.SevenBits() == Encrypted;
        }

        Take([name], (flags & SizeUnknown) != 0 ? null : size, packed, isEncrypted, (blockFlags & Pieces) != 0, (flags & IsFolder) != 0, method == 0, data);
    }

    private void Take(IReadOnlyList<string> names, long? size, long packed, bool isEncrypted, bool isPiece, bool isFolder, bool isStored, long data)
    {
        if (isPiece)
        {
            sink.Say(AmbiguityKind.Archive, "it is one of several volumes: not all of it is here");
        }

        if (names.Count > 1)
        {
            sink.Say(AmbiguityKind.Archive, $"a file has two names: {string.Join(", ", names.Select(name => $"\"{name}\""))}");
            sink.Add(names[1], size, packed, isEncrypted, null);
        }

        string first = isFolder && !names[0].EndsWith('/') ? names[0] + "/" : names[0];
        bool isContent = !isFolder && !isEncrypted && !isPiece;
        sink.Add(first, size, packed, isEncrypted, isContent && isStored ? () => new RangeStream(content, data, Math.Min(content.Length, data + packed)) : null);
        if (isContent && !isStored)
        {
            _closed.Add(new PackedEntry(first, size, packed));
        }
    }

    private void SayEncrypted() => sink.Say(AmbiguityKind.EncryptedArchive, "it is an encrypted archive: not even its names are to be seen");

    // Each block is followed by the next one; the last is never cut.
    private long Next(long place, long length, long data)
    {
        long next = place + length + data;
        if (next <= place)
        {
            throw ByteCursor.Broken();
        }

        if (++_blocks > MaxBlocks)
        {
            throw new LimitException($"it has more than {MaxBlocks} blocks; what follows was not looked at");
        }

        if (next > content.Length)
        {
            sink.Say(AmbiguityKind.MissingEnd, "it is a rar file that is cut");
        }

        return next;
    }
}
