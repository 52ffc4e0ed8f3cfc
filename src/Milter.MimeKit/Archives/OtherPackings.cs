using System.Security.Cryptography;
using SharpCompress.Archives;
using SharpCompress.Archives.Rar;
using SharpCompress.Archives.SevenZip;
using SharpCompress.Readers;

namespace Milter.Mime.Archives;

/// <summary>Unpacks files of rar and 7z that are packed in other ways than is undone here, by SharpCompress: it is as large as all else, so that only who asks for it gets it.</summary>
internal sealed class OtherPackings
{
    private readonly IArchiveSink _sink;
    private readonly HashSet<string> _wanted;
    private readonly MailPartsOptions _options;
    private readonly CancellationToken _cancellationToken;

    private OtherPackings(List<PackedEntry> entries, MailPartsOptions options, IArchiveSink sink, CancellationToken cancellationToken)
    {
        (_options, _sink, _cancellationToken) = (options, sink, cancellationToken);
        _wanted = [.. entries.Select(entry => Plain(entry.Name))];
    }

    /// <summary>Looks into entries.</summary>
    public static void Look(ArchiveFormat format, Stream content, List<PackedEntry> entries, MailPartsOptions options, IArchiveSink sink, CancellationToken cancellationToken)
    {
        try
        {
            content.Position = 0;
            using IArchive archive = format == ArchiveFormat.Rar ? RarArchive.OpenArchive(content) : SevenZipArchive.OpenArchive(content);
            new OtherPackings(entries, options, sink, cancellationToken).Look(archive);
        }
        catch (SharpCompress.Common.CryptographicException exception)
        {
            throw new CryptographicException(exception.Message, exception);
        }
    }

    private void Look(IArchive archive)
    {
        if (archive.IsSolid)
        {
            LookThrough(archive);
            return;
        }

        foreach (IArchiveEntry entry in archive.Entries.Where(entry => !entry.IsDirectory && !entry.IsEncrypted && IsWanted(entry.Key)))
        {
            _sink.Look(entry.Key ?? "", entry.Size, entry.CompressedSize > 0 ? entry.CompressedSize : null, entry.OpenEntryStream);
        }
    }

    // All files are packed as one, so each is reached by unpacking those before it: once, in order, as far as the bounds go.
    private void LookThrough(IArchive archive)
    {
        long unpacked = 0;
        using IReader reader = archive.ExtractAllEntries();
        while (reader.MoveToNextEntry())
        {
            _cancellationToken.ThrowIfCancellationRequested();
            unpacked += Math.Max(0, reader.Entry.Size);
            if (unpacked > _options.MaxUnpackedBytes)
            {
                throw new Reading.LimitException($"it unpacks to more than {_options.MaxUnpackedBytes} bytes; not all of it was looked at");
            }

            if (!reader.Entry.IsDirectory && IsWanted(reader.Entry.Key))
            {
                _sink.Look(reader.Entry.Key ?? "", reader.Entry.Size, null, reader.OpenEntryStream);
            }
        }
    }

    private bool IsWanted(string? name) => _wanted.Contains(Plain(name ?? ""));

    private static string Plain(string name) => name.Replace('\\', '/').TrimEnd('/');
}
