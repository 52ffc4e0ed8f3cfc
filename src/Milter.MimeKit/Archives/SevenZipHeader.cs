using Milter.Mime.Reading;

namespace Milter.Mime.Archives;

/// <summary>The directory of a 7z file (7zFormat.txt: Header), or where it is packed.</summary>
internal sealed class SevenZipHeader(int maxEntries)
{
    private const int End = 0, Attributes = 2, MoreStreams = 3, MainStreams = 4, Files = 5, PackInfo = 6, UnpackInfo = 7, SubStreams = 8, Sizes = 9, Sums = 10, FolderInfo = 11,
        FolderSizes = 12, FileCounts = 13, Empty = 14, EmptyFiles = 15, Names = 17;

    private readonly List<long> _packedSizes = [];
    private long _packedBegin;
    private uint _read;

    /// <summary>What begins a directory.</summary>
    public const byte Plain = 1, Packed = 23;

    public List<SevenZipFolder> Folders { get; } = [];

    /// <summary>Gets the names, with a slash behind those of folders, and whether there is a content for each.</summary>
    public List<(string Name, bool HasContent)> Entries { get; } = [];

    /// <summary>Reads a directory.</summary>
    /// <param name="bytes">Its bytes, behind the first.</param>
    /// <param name="maxEntries">How many names are wanted: one more is read, so that it is seen that there are more.</param>
    public static SevenZipHeader Read(ReadOnlySpan<byte> bytes, int maxEntries)
    {
        var header = new SevenZipHeader(maxEntries);
        var cursor = new ByteCursor(bytes);
        for (int id; (id = cursor.Byte()) != End;)
        {
            switch (header.Once(id))
            {
                case Attributes:
                    while (cursor.Byte() != End)
                    {
                        cursor.Take(cursor.Prefixed());
                    }

                    break;
                case MoreStreams:
                    new SevenZipHeader(maxEntries).ReadStreams(ref cursor);
                    break;
                case MainStreams:
                    header.ReadStreams(ref cursor);
                    break;
                case Files:
                    header.ReadFiles(ref cursor);
                    break;
                default:
                    throw ByteCursor.Broken();
            }
        }

        return header;
    }

    /// <summary>Reads where a packed directory is.</summary>
    public static SevenZipFolder ReadPacked(ReadOnlySpan<byte> bytes)
    {
        var header = new SevenZipHeader(maxEntries: 1);
        var cursor = new ByteCursor(bytes);
        header.ReadStreams(ref cursor);
        return header.Folders is [var folder] ? folder : throw ByteCursor.Broken();
    }

    // What comes twice is no 7z file's; and to read it again and again would cost much for few bytes.
    private int Once(int id)
    {
        const int Ids = 32;
        uint mark = id < Ids ? 1u << id : throw ByteCursor.Broken();
        if ((_read & mark) != 0)
        {
            throw ByteCursor.Broken();
        }

        _read |= mark;
        return id;
    }

    private int Few(ref ByteCursor header, long already = 0)
    {
        const int PackedStreamsOfAFolder = 4;
        int count = header.Count();
        return already + count <= (long)PackedStreamsOfAFolder * maxEntries ? count : throw TooMany();
    }

    private LimitException TooMany() => new($"it holds more than {maxEntries} names; they were not looked at");

    private void ReadStreams(ref ByteCursor header)
    {
        for (int id; (id = header.Byte()) != End;)
        {
            switch (Once(id))
            {
                case PackInfo:
                    ReadPackInfo(ref header);
                    break;
                case UnpackInfo:
                    ReadFolders(ref header);
                    break;
                case SubStreams:
                    ReadSubStreams(ref header);
                    break;
                default:
                    throw ByteCursor.Broken();
            }
        }

        Place();
    }

    private void ReadPackInfo(ref ByteCursor header)
    {
        const int SignatureLength = 32;
        _packedBegin = SignatureLength + header.Prefixed();
        int count = Few(ref header);
        for (int id; (id = header.Byte()) != End;)
        {
            if (id == Sizes && _packedSizes.Count == 0)
            {
                for (int i = 0; i < count; i++)
                {
                    _packedSizes.Add(header.Prefixed());
                }
            }
            else if (id == Sums)
            {
                Skip(ref header, count);
            }
            else
            {
                throw ByteCursor.Broken();
            }
        }
    }

    private void ReadFolders(ref ByteCursor header)
    {
        if (header.Byte() != FolderInfo)
        {
            throw ByteCursor.Broken();
        }

        int count = Few(ref header);
        if (header.Byte() != 0)
        {
            throw new InvalidDataException("Its folders are described elsewhere.");
        }

        for (int i = 0; i < count; i++)
        {
            Folders.Add(SevenZipFolder.Read(ref header));
        }

        for (int id; (id = header.Byte()) != End;)
        {
            if (id == FolderSizes)
            {
                foreach (SevenZipFolder folder in Folders)
                {
                    folder.ReadSizes(ref header);
                }
            }
            else if (id == Sums)
            {
                bool[] has = Skip(ref header, count);
                for (int i = 0; i < count; i++)
                {
                    Folders[i].HasSum = has[i];
                }
            }
            else
            {
                throw ByteCursor.Broken();
            }
        }
    }

    private void ReadSubStreams(ref ByteCursor header)
    {
        int id = header.Byte();
        if (id == FileCounts)
        {
            long files = 0;
            foreach (SevenZipFolder folder in Folders)
            {
                folder.Files = Few(ref header, files);
                files += folder.Files;
            }

            id = header.Byte();
        }

        if (id == Sizes)
        {
            foreach (SevenZipFolder folder in Folders)
            {
                for (int i = 1; i < folder.Files; i++)
                {
                    folder.FileSizes.Add(header.Prefixed());
                }
            }

            id = header.Byte();
        }

        if (id == Sums)
        {
            // A folder's own sum is that of its only file.
            Skip(ref header, Folders.Sum(folder => folder.Files == 1 && folder.HasSum ? 0 : folder.Files));
            id = header.Byte();
        }

        if (id != End)
        {
            throw ByteCursor.Broken();
        }
    }

    private void ReadFiles(ref ByteCursor header)
    {
        int count = header.Count();
        var names = new string[Math.Min(count, maxEntries + 1L)];
        Array.Fill(names, "");
        var isEmpty = new bool[count];
        bool[] isEmptyFile = [];
        for (int id; (id = header.Byte()) != End;)
        {
            var value = new ByteCursor(header.Take(header.Prefixed()));
            switch (id)
            {
                case Names:
                    if (value.Byte() != 0)
                    {
                        throw new InvalidDataException("Its names are elsewhere.");
                    }

                    ReadNames(value.Take(value.Left), names);
                    break;
                case Empty:
                    isEmpty = Bits(ref value, count);
                    break;
                case EmptyFiles:
                    isEmptyFile = isEmptyFile.Length == 0 ? Bits(ref value, isEmpty.Count(one => one)) : throw ByteCursor.Broken();
                    break;
                default:
                    break;
            }
        }

        int empty = 0;
        for (int i = 0; i < names.Length; i++)
        {
            // What is empty and not said to be a file is a folder.
            bool isFolder = isEmpty[i] && (empty >= isEmptyFile.Length || !isEmptyFile[empty]);
            empty += isEmpty[i] ? 1 : 0;
            Entries.Add((isFolder && !names[i].EndsWith('/') ? names[i] + "/" : names[i], !isEmpty[i]));
        }
    }

    private static void ReadNames(ReadOnlySpan<byte> bytes, string[] names)
    {
        for (int i = 0; i < names.Length; i++)
        {
            int end = 0;
            while (end + 1 < bytes.Length && (bytes[end] | bytes[end + 1]) != 0)
            {
                end += 2;
            }

            if (end + 1 >= bytes.Length)
            {
                throw ByteCursor.Broken();
            }

            names[i] = System.Text.Encoding.Unicode.GetString(bytes[..end]);
            bytes = bytes[(end + 2)..];
        }
    }

    // Each folder takes the packed streams behind those of the one before.
    private void Place()
    {
        long begin = _packedBegin;
        int next = 0;
        foreach (SevenZipFolder folder in Folders)
        {
            long length = 0;
            for (int i = 0; i < folder.PackedStreams; i++, next++)
            {
                length += next < _packedSizes.Count ? _packedSizes[next] : throw ByteCursor.Broken();
            }

            folder.Packed = length >= 0 && begin + length >= begin ? (begin, length) : throw ByteCursor.Broken();
            begin += length;
        }
    }

    private static bool[] Skip(ref ByteCursor header, int count)
    {
        bool[] has = header.Byte() != 0 ? All(count) : Bits(ref header, count);
        header.Take(sizeof(uint) * (long)has.Count(one => one));
        return has;
    }

    private static bool[] All(int count)
    {
        var all = new bool[count];
        Array.Fill(all, true);
        return all;
    }

    private static bool[] Bits(ref ByteCursor header, int count)
    {
        ReadOnlySpan<byte> bytes = header.Take((count + 7L) / 8);
        var bits = new bool[count];
        for (int i = 0; i < count; i++)
        {
            bits[i] = (bytes[i / 8] & (0x80 >> (i % 8))) != 0;
        }

        return bits;
    }
}
