using Milter.Mime.Archives;

namespace Milter.Mime;

/// <summary>How far <see cref="MailParts"/> goes into a message. Where a limit is met, reading ends there and the message is ambiguous.</summary>
public sealed class MailPartsOptions
{
    /// <summary>Gets or sets how deep parts may be nested, parts in forwarded messages counted on. The default is 50.</summary>
    public int MaxDepth { get; set; } = 50;

    /// <summary>Gets or sets how many parts a message may have. The default is 2,000.</summary>
    public int MaxParts { get; set; } = 2_000;

    /// <summary>Gets or sets how deep archives in archives are looked into. The default is 5; 0 looks into none.</summary>
    public int MaxArchiveDepth { get; set; } = 5;

    /// <summary>Gets or sets how many names all archives of a message may hold together. The default is 10,000.</summary>
    public int MaxEntries { get; set; } = 10_000;

    /// <summary>Gets or sets how many bytes are unpacked for one message at most: what is packed or encoded and has to be looked into. The default is 256 MiB.</summary>
    public long MaxUnpackedBytes { get; set; } = 256L << 20;

    /// <summary>Gets or sets how many times its packed size an entry of an archive may unpack to; entries below 1 MiB are not judged. The default is 200.</summary>
    public int MaxRatio { get; set; } = 200;

    /// <summary>Gets or sets up to which size unpacked content is kept in memory; what is larger goes to a temporary file. The default is 1 MiB.</summary>
    public int MemoryThreshold { get; set; } = 1 << 20;

    /// <summary>Gets or sets the folder of temporary files, or <see langword="null"/> for the system's. A file has the mode 0600 and is gone when its <see cref="MailParts"/> is disposed of.</summary>
    public string? TemporaryFolder { get; set; }

    internal Action<ArchiveFormat, Stream, List<PackedEntry>, MailPartsOptions, IArchiveSink, CancellationToken>? LooksIntoOtherPackings { get; private set; }

    /// <summary>Has files of rar and 7z looked into however they are packed, by SharpCompress. Without it all names in such archives are there, too, and archives in them are looked into where they are stored, or packed by LZMA, LZMA2 or Deflate.</summary>
    /// <returns>The options.</returns>
    /// <remarks>It is a call of its own because of its size: a filter that is published as NativeAOT grows by well over a megabyte.</remarks>
    public MailPartsOptions UseSharpCompress()
    {
        LooksIntoOtherPackings = OtherPackings.Look;
        return this;
    }
}
