namespace Milter.Mime.Archives;

/// <summary>An entry that has a content which its reader does not unpack.</summary>
internal readonly record struct PackedEntry(string Name, long? Size, long? Packed);
