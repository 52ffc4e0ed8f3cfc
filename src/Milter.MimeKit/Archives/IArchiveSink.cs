namespace Milter.Mime.Archives;

/// <summary>Takes what is found in an archive.</summary>
internal interface IArchiveSink
{
    /// <summary>Takes an entry, and looks into it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="size">Its size, as far as it is said.</param>
    /// <param name="packed">Its packed size, as far as it is said.</param>
    /// <param name="isEncrypted">Whether its content can't be read.</param>
    /// <param name="open">Gives its content, or <see langword="null"/> where that is packed in a way that can't be undone; <see langword="null"/> where there is none, or where it is looked into later.</param>
    void Add(string name, long? size, long? packed, bool isEncrypted, Func<Stream?>? open);

    /// <summary>Looks into an entry that was taken before.</summary>
    void Look(string name, long? size, long? packed, Func<Stream?> open);

    /// <summary>Says what is odd.</summary>
    void Say(AmbiguityKind kind, string reason);
}
