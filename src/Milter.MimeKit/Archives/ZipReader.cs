using System.Buffers.Binary;
using System.IO.Compression;
using Milter.Mime.Content;
using Milter.Mime.Reading;

namespace Milter.Mime.Archives;

/// <summary>Reads the names of a zip file from its directory and from the files themselves, since readers go by one or by the other (APPNOTE 4.3).</summary>
internal static class ZipReader
{
    private const uint LocalSignature = 0x04034b50, CentralSignature = 0x02014b50, DescriptorSignature = 0x08074b50;
    private const int EndLength = 22, CentralLength = 46, LocalLength = 30, MaxComment = 65535;
    private const int MaxDirectory = 16 << 20;

    /// <summary>Finds the record that ends a zip file.</summary>
    /// <returns>Its place, or -1.</returns>
    public static long FindEnd(Stream content)
    {
        // Few have a comment, before which the record would stand.
        long last = Math.Max(0, content.Length - EndLength);
        if (SourceReader.Bytes(content, last, EndLength).AsSpan() is [(byte)'P', (byte)'K', 5, 6, .., 0, 0])
        {
            return last;
        }

        long from = Math.Max(0, content.Length - EndLength - MaxComment);
        ReadOnlySpan<byte> tail = SourceReader.Bytes(content, from, EndLength + MaxComment);
        for (int at; (at = tail.LastIndexOf("PK\x05\x06"u8)) >= 0; tail = tail[..at])
        {
            if (from + at + EndLength <= content.Length)
            {
                return from + at;
            }
        }

        return -1;
    }

    public static void Read(Stream content, IArchiveSink sink)
    {
        long end = FindEnd(content);
        if (end < 0)
        {
            sink.Say(AmbiguityKind.MissingEnd, "it is a zip file without its directory");
            WalkFiles(content, 0, content.Length, null, sink);
            return;
        }

        ReadOnlySpan<byte> record = SourceReader.Bytes(content, end, EndLength);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        long directoryEnd = end;
        if ((size == uint.MaxValue || offset == uint.MaxValue) && FindLarge(content, end) is var (largeEnd, largeSize, largeOffset))
        {
            (directoryEnd, size, offset) = (largeEnd, largeSize, largeOffset);
        }

        // What stands before the zip file shifts it.
        long shift = directoryEnd - size - offset;
        if (size < 0 || offset < 0 || shift < 0 || size > directoryEnd)
        {
            sink.Say(AmbiguityKind.Archive, "it is a zip file whose directory is not where it should be");
            WalkFiles(content, 0, content.Length, null, sink);
            return;
        }

        if (size > MaxDirectory)
        {
            sink.Say(AmbiguityKind.Limit, "its directory is larger than was looked at");
        }

        var known = new Dictionary<long, ZipRecord>();
        List<ZipRecord> records = Directory(SourceReader.Bytes(content, directoryEnd - size, Math.Min(size, MaxDirectory)), sink);
        foreach (ZipRecord one in records)
        {
            known.TryAdd(one.Offset + shift, one);
            Take(content, one, one.Offset + shift, sink);
        }

        WalkFiles(content, shift, directoryEnd - size, known, sink);
    }

    private static void Take(Stream content, ZipRecord one, long place, IArchiveSink sink)
    {
        ReadOnlySpan<byte> local = LocalHeader(content, place);
        long data = -1;
        if (local.Length >= LocalLength && BinaryPrimitives.ReadUInt32LittleEndian(local) == LocalSignature)
        {
            ZipRecord said = ZipRecord.OfLocal(local, place);
            data = place + LocalLength + said.NameLength + said.ExtraLength;
            foreach (string name in said.Names.Except(one.Names, StringComparer.Ordinal))
            {
                sink.Say(AmbiguityKind.Archive, $"\"{one.Names[0]}\" has another name where its data is: \"{name}\"");
                sink.Add(name, one.Size, one.Packed, one.IsEncrypted || said.IsEncrypted, null);
            }
        }
        else
        {
            sink.Say(AmbiguityKind.Archive, $"the data of \"{one.Names[0]}\" is not where it should be");
        }

        if (one.Names.Count > 1)
        {
            sink.Say(AmbiguityKind.Archive, $"a file has two names: {string.Join(", ", one.Names.Select(name => $"\"{name}\""))}");
        }

        for (int i = 1; i < one.Names.Count; i++)
        {
            sink.Add(one.Names[i], one.Size, one.Packed, one.IsEncrypted, null);
        }

        sink.Add(one.Names[0], one.Size, one.Packed, one.IsEncrypted, data < 0 || one.IsFolder ? null : () => Open(content, data, one));
    }

    // With its name and what follows that, of which it says how long they are.
    private static byte[] LocalHeader(Stream content, long place)
    {
        byte[] header = SourceReader.Bytes(content, place, LocalLength);
        return header.Length < LocalLength || BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalSignature
            ? header
            : SourceReader.Bytes(content, place, LocalLength + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28)));
    }

    private static Stream? Open(Stream content, long data, ZipRecord one)
    {
        var raw = new RangeStream(content, data, Math.Min(content.Length, data + Math.Max(0, one.Packed)));
        return one.Method switch
        {
            ZipRecord.Stored => raw,
            ZipRecord.Deflated => new DeflateStream(raw, CompressionMode.Decompress),
            _ => null,
        };
    }

    private static List<ZipRecord> Directory(ReadOnlySpan<byte> bytes, IArchiveSink sink)
    {
        var records = new List<ZipRecord>();
        while (bytes.Length >= CentralLength && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == CentralSignature)
        {
            ZipRecord record = ZipRecord.OfCentral(bytes);
            records.Add(record);
            int length = CentralLength + record.NameLength + record.ExtraLength + BinaryPrimitives.ReadUInt16LittleEndian(bytes[32..]);
            if (length > bytes.Length)
            {
                bytes = bytes[..1];
                break;
            }

            bytes = bytes[length..];
        }

        // A signature of the directory may follow.
        if (bytes.Length > 0 && !bytes.StartsWith("PK\x05\x05"u8))
        {
            sink.Say(AmbiguityKind.Archive, "its directory can't be read to its end");
        }

        return records;
    }

    // From file to file, as readers of streams do: what the directory does not list is found so.
    private static void WalkFiles(Stream content, long place, long end, Dictionary<long, ZipRecord>? known, IArchiveSink sink)
    {
        while (place + LocalLength <= end)
        {
            ReadOnlySpan<byte> local = LocalHeader(content, place);
            uint signature = BinaryPrimitives.ReadUInt32LittleEndian(local);
            if (signature == DescriptorSignature)
            {
                // Signature, sum and two sizes, of four bytes each or of eight.
                place += Signature(content, place + 16) is LocalSignature or CentralSignature || place + 16 >= end ? 16 : 24;
                continue;
            }

            if (signature != LocalSignature)
            {
                return;
            }

            ZipRecord said = ZipRecord.OfLocal(local, place);
            long data = place + LocalLength + said.NameLength + said.ExtraLength;
            long packed = said.Packed;
            if (known is not null && known.TryGetValue(place, out ZipRecord? listed))
            {
                packed = listed.Packed;
            }
            else
            {
                if (known is not null)
                {
                    sink.Say(AmbiguityKind.Archive, $"\"{said.Names[0]}\" is in it and not in its directory");
                }

                foreach (string name in said.Names)
                {
                    sink.Add(name, said.Size, said.Packed, said.IsEncrypted, said.IsSizeBehind || said.IsFolder ? null : () => Open(content, data, said));
                }

                if (said.IsSizeBehind && packed == 0)
                {
                    return;
                }
            }

            place = data + packed;
        }
    }

    private static uint Signature(Stream content, long place) => SourceReader.Bytes(content, place, 4) is { Length: 4 } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;

    private static (long End, long Size, long Offset)? FindLarge(Stream content, long end)
    {
        const int LocatorLength = 20, LargeLength = 56;
        ReadOnlySpan<byte> locator = end < LocatorLength ? [] : SourceReader.Bytes(content, end - LocatorLength, LocatorLength);
        if (!locator.StartsWith("PK\x06\x07"u8))
        {
            return null;
        }

        long place = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        ReadOnlySpan<byte> large = place < 0 || place > content.Length ? [] : SourceReader.Bytes(content, place, LargeLength);
        return large.Length < LargeLength || !large.StartsWith("PK\x06\x06"u8)
            ? null
            : (place, BinaryPrimitives.ReadInt64LittleEndian(large[40..]), BinaryPrimitives.ReadInt64LittleEndian(large[48..]));
    }
}
