using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Milter.Mime.Content;
using Milter.Mime.Names;
using Milter.Mime.Reading;

namespace Milter.Mime.Archives;

/// <summary>Takes the names out of an archive, and of archives in it, within the bounds of the message.</summary>
internal sealed class ArchiveReader(ReadBudget budget, MailPart part, CancellationToken cancellationToken) : IArchiveSink
{
    // Smaller entries can't hurt, however well they are packed.
    private const long UnjudgedSize = 1 << 20;

    // As far as WinRAR looks for an archive behind what it does not know.
    private const int MaxProgram = 2 << 20;

    private readonly List<ArchiveEntry> _entries = [];
    private string _folder = "";
    private int _depth;

    /// <summary>Reads the part's content, if it is an archive.</summary>
    /// <param name="prefix">How the content begins.</param>
    public bool TryRead(ReadOnlySpan<byte> prefix)
    {
        if (budget.Options.MaxArchiveDepth <= 0)
        {
            return false;
        }

        ArchiveFormat format = ArchiveFormats.Of(prefix);
        bool isNamedOne = part.Names.Any(ArchiveFormats.IsNamedOne);
        if (format == ArchiveFormat.None && !isNamedOne && prefix is not [(byte)'M', (byte)'Z', ..])
        {
            return false;
        }

        using Stream content = part.OpenContent();
        using Stream seekable = content.CanSeek ? content : budget.Unpack(content, cancellationToken);
        if (format == ArchiveFormat.None)
        {
            // A program that unpacks itself has its archive behind it.
            long begin = 0;
            format = ZipReader.FindEnd(seekable) >= 0 ? ArchiveFormat.Zip : ArchiveFormats.Find(SourceReader.Bytes(seekable, 0, MaxProgram), out begin);
            if (format == ArchiveFormat.None)
            {
                if (isNamedOne)
                {
                    Say(AmbiguityKind.Archive, "it is named as an archive and is none that can be read");
                }

                return false;
            }

            part.IsArchive = true;
            Read(format, begin == 0 ? seekable : new RangeStream(seekable, begin, seekable.Length));
        }
        else
        {
            part.IsArchive = true;
            Read(format, seekable);
        }

        part.Entries = _entries;
        return true;
    }

    public void Say(AmbiguityKind kind, string reason) => budget.Say(kind, part, _folder.Length == 0 ? reason : $"{reason} (in {_folder.TrimEnd('/')})");

    public void Add(string name, long? size, long? packed, bool isEncrypted, Func<Stream?>? open)
    {
        AddName(name, size, isEncrypted);
        if (!isEncrypted && open is not null)
        {
            Look(name, size, packed, open);
        }
    }

    private void AddName(string name, long? size, bool isEncrypted)
    {
        cancellationToken.ThrowIfCancellationRequested();
        budget.TakeEntry();
        _entries.Add(new ArchiveEntry(_folder + name, size, isEncrypted));
        if (isEncrypted)
        {
            Say(AmbiguityKind.EncryptedArchive, "it is an encrypted archive: what its files are is not to be seen");
        }
    }

    // What is wrong with one file says nothing of those behind it: their names are read all the same.
    public void Look(string name, long? size, long? packed, Func<Stream?> open)
    {
        if (size > UnjudgedSize && packed is { } small && size / Math.Max(1, small) > budget.Options.MaxRatio)
        {
            Say(AmbiguityKind.Limit, $"\"{name}\" unpacks to more than {budget.Options.MaxRatio} times its size");
            return;
        }

        try
        {
            using Stream? content = open();
            if (content is not null)
            {
                LookInto(name, content, packed);
            }
            else if (ArchiveFormats.IsNamedOne(name))
            {
                Say(AmbiguityKind.Limit, $"\"{name}\" is packed in a way that was not looked into");
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Say(exception, $"\"{name}\" can't be unpacked");
        }
    }

    private void LookInto(string name, Stream content, long? packed)
    {
        byte[] prefix = new byte[ContentReader.PrefixLength];
        int filled = content.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        ArchiveFormat format = ArchiveFormats.Of(prefix.AsSpan(0, filled));
        if (format == ArchiveFormat.None)
        {
            return;
        }

        if (_depth + 1 >= budget.Options.MaxArchiveDepth)
        {
            Say(AmbiguityKind.Limit, $"archives are nested more than {budget.Options.MaxArchiveDepth} deep; \"{name}\" was not looked into");
            return;
        }

        long limit = packed is { } small ? Math.Max(UnjudgedSize, small * budget.Options.MaxRatio) : long.MaxValue;
        using Stream unpacked = budget.Unpack(new PrefixedStream(prefix.AsMemory(0, filled), content), cancellationToken, limit);
        string outer = _folder;
        _folder = $"{outer}{name}/";
        _depth++;
        Read(format, unpacked);
        _depth--;
        _folder = outer;
    }

    private void Read(ArchiveFormat format, Stream content)
    {
        string folder = _folder;
        int depth = _depth;
        try
        {
            switch (format)
            {
                case ArchiveFormat.Zip:
                    ZipReader.Read(content, this);
                    break;
                case ArchiveFormat.Tar:
                    ReadTar(content);
                    break;
                case ArchiveFormat.GZip:
                    ReadGZip(content);
                    break;
                case ArchiveFormat.Rar:
                    LookLater(format, content, RarReader.Read(content, this));
                    break;
                default:
                    LookLater(format, content, SevenZipReader.Read(content, budget, this, cancellationToken));
                    break;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Say(exception, "it is an archive that can't be read to its end");
        }

        (_folder, _depth) = (folder, depth);
    }

    // Whatever these libraries throw at broken archives (an index out of range, say) says only that.
    private void Say(Exception exception, string problem)
    {
        switch (exception)
        {
            case LimitException:
                Say(AmbiguityKind.Limit, exception.Message);
                break;
            case CryptographicException:
                Say(AmbiguityKind.EncryptedArchive, "it is an encrypted archive: not all of it is to be seen");
                break;
            default:
                Say(AmbiguityKind.Archive, problem);
                break;
        }
    }

    // What its reader does not unpack is looked into by another one, where the host has asked for that.
    private void LookLater(ArchiveFormat format, Stream content, List<PackedEntry> entries)
    {
        if (entries.Count > 0 && budget.Options.LooksIntoOtherPackings is { } look)
        {
            look(format, content, entries, budget.Options, this, cancellationToken);
            return;
        }

        foreach (PackedEntry entry in entries)
        {
            Look(entry.Name, entry.Size, entry.Packed, static () => null);
        }
    }

    private void ReadTar(Stream content)
    {
        using var tar = new TarReader(content, leaveOpen: true);
        while (tar.GetNextEntry() is { } entry)
        {
            Add(entry.Name, entry.Length, null, false, entry.DataStream is { } data ? () => data : null);
        }
    }

    // One file, whose name may stand in the header (RFC 1952, 2.3.1): some go by that, others by the archive's own name.
    private void ReadGZip(Stream content)
    {
        byte[] header = SourceReader.Bytes(content, 0, 4096);
        string own = _folder.Length > 0 ? _folder.TrimEnd('/')[(_folder.TrimEnd('/').LastIndexOf('/') + 1)..] : (part.Names.Count > 0 ? part.Names[0] : "");
        string plain = FileNames.HasExtension(own, ["tgz"]) ? Without(own, ".tgz") + ".tar" : FileNames.HasExtension(own, ["gz"]) ? Without(own, ".gz") : own;
        string name = NameInGZip(header) ?? plain;
        if (plain.Length > 0 && plain != own && plain != name)
        {
            AddName(plain, null, isEncrypted: false);
        }

        content.Position = 0;
        Add(name, null, content.Length, false, () => new GZipStream(content, CompressionMode.Decompress, leaveOpen: true));
    }

    private static string Without(string name, string extension) => name[..name.LastIndexOf(extension, StringComparison.OrdinalIgnoreCase)];

    private static string? NameInGZip(ReadOnlySpan<byte> header)
    {
        const int HasExtra = 4, HasName = 8, Fixed = 10;
        if (header.Length < Fixed || (header[3] & HasName) == 0)
        {
            return null;
        }

        int at = Fixed + ((header[3] & HasExtra) != 0 && header.Length > Fixed + 2 ? 2 + header[Fixed] + (header[Fixed + 1] << 8) : 0);
        if (at >= header.Length)
        {
            return null;
        }

        int end = header[at..].IndexOf((byte)0);
        return end <= 0 ? null : FieldText.Decode(FieldText.FromBytes(header.Slice(at, end)));
    }
}
