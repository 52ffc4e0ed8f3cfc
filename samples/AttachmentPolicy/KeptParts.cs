using Milter.Mime;

namespace Samples.AttachmentPolicy;

/// <summary>Keeps removed parts in a folder, bounded in bytes and age: whoever was wrongly robbed of a file can have it back.</summary>
internal sealed class KeptParts(AttachmentPolicyRules rules, TimeProvider clock)
{
    private readonly Lock _gate = new();

    /// <summary>Keeps a part.</summary>
    /// <param name="queueId">The message's queue id.</param>
    /// <param name="part">The part.</param>
    /// <returns>The file, or <see langword="null"/> where nothing is kept.</returns>
    public string? Keep(string? queueId, MailPart part)
    {
        AttachmentPolicyOptions options = rules.Options;
        if (options.Keep.Length == 0)
        {
            return null;
        }

        // The queue id comes from the MTA; what is not a letter or a digit has no business in a path.
        string id = string.Concat((queueId ?? "").Where(char.IsAsciiLetterOrDigit)) is { Length: > 0 } some ? some : Guid.NewGuid().ToString("N");
        string file = Path.Combine(options.Keep, $"{id}-{part.Path}");
        lock (_gate)
        {
            var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var output = new FileStream(file, how))
            using (Stream content = part.OpenContent())
            {
                content.CopyTo(output);
            }

            Shrink(options, file);
        }

        return file;
    }

    private void Shrink(AttachmentPolicyOptions options, string newest)
    {
        DateTime oldest = clock.GetUtcNow().UtcDateTime - options.KeepFor;
        long bytes = 0;
        foreach (FileInfo file in new DirectoryInfo(options.Keep).GetFiles().OrderByDescending(file => file.FullName == newest).ThenByDescending(file => file.LastWriteTimeUtc))
        {
            bytes += file.Length;
            if (file.FullName != newest && (bytes > options.KeepBytes || file.LastWriteTimeUtc < oldest))
            {
                file.Delete();
            }
        }
    }
}
