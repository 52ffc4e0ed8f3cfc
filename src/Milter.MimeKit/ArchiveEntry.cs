namespace Milter.Mime;

/// <summary>A file in an archive.</summary>
/// <param name="Name">Its name as the archive has it; in an archive within the archive, that one's name, <c>/</c> and its name.</param>
/// <param name="Size">Its size in bytes, as far as the archive says it.</param>
/// <param name="IsEncrypted">Whether its content is encrypted.</param>
public sealed record ArchiveEntry(string Name, long? Size, bool IsEncrypted);
