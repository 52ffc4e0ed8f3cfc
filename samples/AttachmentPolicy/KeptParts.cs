using System.Security.Cryptography;
using Milter.Mime;

namespace Samples.AttachmentPolicy;

/// <summary>Keeps removed parts in a folder, bounded in bytes and age: whoever was wrongly robbed of a file can have it back.</summary>
/// <remarks>Files whose names are none of its own are left alone.</remarks>
internal sealed class KeptParts(AttachmentPolicyRules rules, TimeProvider clock)
{
    private readonly Lock _gate = new();

    /// <summary>Keeps what was removed for a part.</summary>
    /// <param name="queueId">The message's queue id.</param>
    /// <param name="part">The part. What is within something encoded has taken that along, so that is kept.</param>
    /// <returns>The file, or <see langword="null"/> where nothing is kept.</returns>
    /// <exception cref="IOException">It can't be kept; nothing half written is left.</exception>
    public string? Keep(string? queueId, MailPart part)
    {
        AttachmentPolicyOptions options = rules.Options;
        if (options.Keep.Length == 0)
        {
            return null;
        }

        while (part is { Origin: not PartOrigin.Mime, Parent: { } around })
        {
            part = around;
        }

        // The queue id comes from the MTA; what is not a letter or a digit has no business in a path.
        string id = string.Concat((queueId ?? "").Where(char.IsAsciiLetterOrDigit)) is { Length: > 0 } some ? some : Guid.NewGuid().ToString("N");
        lock (_gate)
        {
            // What is too old goes first, so that a full disk is not full for good.
            Shrink(options, null);
            string file = FileFor(part, Path.Combine(options.Keep, $"{id}-{part.Path}"));
            try
            {
                Write(part, file);
            }
            catch
            {
                File.Delete(file);
                throw;
            }

            Shrink(options, file);
            return file;
        }
    }

    // MTAs use short queue ids again, within days; the same content is the same message once more.
    private static string FileFor(MailPart part, string path)
    {
        string file = path;
        for (int i = 2; File.Exists(file) && !HasContent(file, part); i++)
        {
            file = $"{path}-{i}";
        }

        return file;
    }

    private static bool HasContent(string file, MailPart part)
    {
        using FileStream kept = File.OpenRead(file);
        return kept.Length == part.Size && Convert.ToHexString(SHA256.HashData(kept)).Equals(part.Sha256, StringComparison.OrdinalIgnoreCase);
    }

    private static void Write(MailPart part, string file)
    {
        var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var output = new FileStream(file, how);
        using Stream content = part.OpenContent();
        content.CopyTo(output);
    }

    private void Shrink(AttachmentPolicyOptions options, string? newest)
    {
        DateTime oldest = clock.GetUtcNow().UtcDateTime - options.KeepFor;
        long bytes = 0;
        foreach (FileInfo file in new DirectoryInfo(options.Keep).GetFiles().Where(file => IsOwn(file.Name)).OrderByDescending(file => file.FullName == newest).ThenByDescending(file => file.LastWriteTimeUtc))
        {
            bytes += file.Length;
            if (file.FullName != newest && (bytes > options.KeepBytes || file.LastWriteTimeUtc < oldest))
            {
                file.Delete();
            }
        }
    }

    // A queue id, the place in the message, and a number where both were there before.
    private static bool IsOwn(string name) => name.Split('-') is [var id, ['1', ..] path, .. var number]
        && number.Length < 2 && id.All(char.IsAsciiLetterOrDigit) && path.All(c => char.IsAsciiDigit(c) || c == '.') && number.All(one => one.All(char.IsAsciiDigit));
}
