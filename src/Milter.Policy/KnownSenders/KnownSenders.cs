using Microsoft.Extensions.Options;

namespace Milter.Policy;

/// <summary>Whom our users wrote to: their answers are welcome, and a policy can let them pass where it would put off or tag others.</summary>
/// <remarks>
/// In the list <c>known-senders</c> of the store. <c>milter policy allow --list known-senders example.org</c> makes a whole domain known by hand. The envelope's sender can be forged: what is
/// known should be weighed, and be trusted only together with SPF or DKIM.
/// </remarks>
/// <param name="access">The store.</param>
/// <param name="options">The options, which are read once.</param>
public sealed class KnownSenders(PolicyStoreAccess access, IOptions<KnownSendersOptions> options)
{
    /// <summary>The list.</summary>
    public const string List = "known-senders";

    private const string Policy = "known_senders";

    /// <summary>Notes that one of our users writes to somebody. Call it at the end of a message of who has logged in, for each recipient.</summary>
    /// <param name="user">The user's address: the sender.</param>
    /// <param name="recipient">To whom.</param>
    /// <param name="cancellationToken">The handler's.</param>
    /// <returns>Whether it is noted; <see langword="false"/> where the store is away.</returns>
    public async ValueTask<bool> NoteAsync(string user, string recipient, CancellationToken cancellationToken = default) => (await access.TryAsync(
        Policy,
        (Key: KeyOf(user, recipient.ToLowerInvariant()), options.Value.Keep),
        static (store, ask, token) => store.SeeAsync(List, ask.Key, SightingRule.ForSet(ask.Keep), token),
        cancellationToken).ConfigureAwait(false)).IsAnswered;

    /// <summary>Says whether a sender is one to whom our users wrote. The address is looked for, then its user at any domain, its domain and those above.</summary>
    /// <param name="sender">The sender.</param>
    /// <param name="user">The user whom it writes to; of importance with <see cref="KnownSendersOptions.PerUser"/> alone.</param>
    /// <param name="cancellationToken">The handler's.</param>
    /// <returns>Whether it is; <see langword="null"/> where the store is away, or the sender is the null sender.</returns>
    public async ValueTask<bool?> IsKnownAsync(string sender, string user, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sender);
        if (sender.Length == 0)
        {
            return null;
        }

        (bool isAnswered, bool isKnown) = await access.TryAsync(Policy, (Self: this, sender, user), static (store, ask, token) => ask.Self.FindAsync(store, ask.sender, ask.user, token), cancellationToken).ConfigureAwait(false);
        return isAnswered ? isKnown : null;
    }

    private async ValueTask<bool> FindAsync(IPolicyStore store, string sender, string user, CancellationToken cancellationToken)
    {
        // Domains of more labels than a name can sensibly have are the sender's to choose; ours to bound.
        const int most = 12;
        foreach (string key in MailKeys.Of(sender).Take(most))
        {
            if (await store.ContainsAsync(List, key.Contains('@', StringComparison.Ordinal) ? KeyOf(user, key) : key, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private string KeyOf(string user, string address) => options.Value.PerUser ? $"{user.ToLowerInvariant()} {address}" : address;
}
