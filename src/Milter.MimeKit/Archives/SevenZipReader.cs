using Milter.Mime.Content;
using Milter.Mime.Reading;

namespace Milter.Mime.Archives;

/// <summary>Reads the names of a 7z file, whose directory is packed itself as a rule, and looks into its files as far as they are packed as 7-Zip does it unless told otherwise.</summary>
internal sealed class SevenZipReader(Stream content, ReadBudget budget, IArchiveSink sink, CancellationToken cancellationToken)
{
    private const int SignatureLength = 32;
    private const int MaxDirectory = 16 << 20;
    private const int MaxPacking = 4;

    private readonly List<PackedEntry> _closed = [];

    /// <summary>Reads the archive.</summary>
    /// <returns>The files that are packed in a way that is not undone here.</returns>
    public static List<PackedEntry> Read(Stream content, ReadBudget budget, IArchiveSink sink, CancellationToken cancellationToken)
    {
        var reader = new SevenZipReader(content, budget, sink, cancellationToken);
        if (reader.Directory() is { } header)
        {
            reader.Take(header);
        }

        return reader._closed;
    }

    private SevenZipHeader? Directory()
    {
        const int MarkVersionAndSum = 12;
        var signature = new ByteCursor(SourceReader.Bytes(content, 0, SignatureLength));
        signature.Take(MarkVersionAndSum);
        long offset = signature.Int64();
        long length = signature.Int64();
        if (length == 0)
        {
            return null;
        }

        if (offset > content.Length - SignatureLength || length > content.Length - SignatureLength - offset)
        {
            throw ByteCursor.Broken();
        }

        byte[] bytes = Bounded(length, SourceReader.Bytes(content, SignatureLength + offset, Math.Min(length, MaxDirectory)));
        for (int i = 0; bytes is [SevenZipHeader.Packed, ..]; i++)
        {
            SevenZipFolder folder = SevenZipHeader.ReadPacked(bytes.AsSpan(1));
            if (folder.IsEncrypted)
            {
                sink.Say(AmbiguityKind.EncryptedArchive, "it is an encrypted archive: not even its names are to be seen");
                return null;
            }

            using Stream unpacked = (i < MaxPacking ? folder.Open(content) : null) ?? throw new InvalidDataException("Its directory is packed in a way that can't be undone.");
            bytes = new byte[Math.Min(folder.Size, MaxDirectory)];
            Bounded(folder.Size, bytes);
            unpacked.ReadExactly(bytes);
        }

        return bytes is [SevenZipHeader.Plain, ..] ? SevenZipHeader.Read(bytes.AsSpan(1), budget.Options.MaxEntries) : throw ByteCursor.Broken();
    }

    private static byte[] Bounded(long length, byte[] bytes) => length <= MaxDirectory ? bytes : throw new LimitException("its directory is larger than was looked at");

    private void Take(SevenZipHeader header)
    {
        List<(SevenZipFolder Folder, List<PackedEntry> Files)> folders = [.. header.Folders.Select(folder => (folder, new List<PackedEntry>()))];
        int at = 0;
        foreach ((string name, bool hasContent) in header.Entries)
        {
            while (hasContent && at < folders.Count && folders[at].Files.Count == folders[at].Folder.Files)
            {
                at++;
            }

            if (!hasContent || at == folders.Count)
            {
                sink.Add(name, hasContent ? null : 0, null, false, null);
                continue;
            }

            (SevenZipFolder folder, List<PackedEntry> files) = folders[at];
            int index = files.Count;
            long size = index < folder.FileSizes.Count ? folder.FileSizes[index] : Math.Max(0, folder.Size - folder.FileSizes.Sum());
            var entry = new PackedEntry(name, size, folder.Files == 1 ? folder.Packed.Length : null);
            files.Add(entry);
            sink.Add(name, size, entry.Packed, folder.IsEncrypted, null);
        }

        long unpacked = 0;
        foreach ((SevenZipFolder folder, List<PackedEntry> files) in folders)
        {
            if (!folder.IsEncrypted && files.Count > 0)
            {
                LookInto(folder, files, ref unpacked);
            }
        }
    }

    // All files of a folder are packed as one, so each is reached by unpacking those before it: once, in order, as far as the bounds go.
    private void LookInto(SevenZipFolder folder, List<PackedEntry> files, ref long unpacked)
    {
        using Stream? stream = folder.Open(content);
        if (stream is null)
        {
            _closed.AddRange(files);
            return;
        }

        foreach (PackedEntry file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long size = file.Size ?? 0;
            unpacked += size;
            if (unpacked < 0 || unpacked > budget.Options.MaxUnpackedBytes)
            {
                throw new LimitException($"it unpacks to more than {budget.Options.MaxUnpackedBytes} bytes; not all of it was looked at");
            }

            var slice = new OpenSlice(stream, size);
            sink.Look(file.Name, size, file.Packed, () => slice);
            slice.SkipRest(cancellationToken);
        }
    }

    /// <summary>The next bytes of a stream; closing it leaves the stream open.</summary>
    private sealed class OpenSlice(Stream source, long length) : ReadOnlyStream
    {
        private long _left = length;

        public override int Read(Span<byte> buffer)
        {
            int read = _left == 0 ? 0 : source.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            _left -= read;
            return read;
        }

        public void SkipRest(CancellationToken cancellationToken)
        {
            Span<byte> passed = stackalloc byte[4096];
            while (Read(passed) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
