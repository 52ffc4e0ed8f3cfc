using Microsoft.Extensions.Options;

namespace Milter.Policy;

/// <summary>Greylisting: who is new is put off for some minutes; mail servers come back, and most of what sends spam does not.</summary>
/// <remarks>
/// <para>
/// The key is the triplet of client (its network, /24 and /64), sender and recipient, in the list <c>greylist</c> of the store. After some triplets of a client have come back it is known itself (list
/// <c>greylist-clients</c>); <c>milter policy allow 192.0.2.0/24</c> makes it so by hand. Call it at RCPT, so that a message to several is put off for those alone to whom it is new.
/// </para>
/// <code>
/// [OnRcpt]
/// async ValueTask&lt;Verdict&gt; To(ConnectInfo? client, Authentication? login, MessageEnvelope envelope, EnvelopeAddress recipient, CancellationToken cancellationToken) =>
///     (await greylist.CheckAsync(client, login, envelope.Sender, recipient, cancellationToken)).Verdict;
/// </code>
/// </remarks>
public sealed class Greylist
{
    /// <summary>The list of triplets.</summary>
    public const string Triplets = "greylist";

    /// <summary>The list of clients that are known.</summary>
    public const string Clients = "greylist-clients";

    private const string Policy = "greylist";

    private readonly PolicyStoreAccess _access;
    private readonly GreylistOptions _options;
    private readonly IGreylistClientKey? _clientKey;
    private readonly AddressList _exemptSenders;
    private readonly AddressList _exemptRecipients;
    private readonly SightingRule _rule;

    /// <summary>Makes one; <c>AddGreylist</c> does.</summary>
    /// <param name="access">The store.</param>
    /// <param name="options">The options, which are read once.</param>
    /// <param name="clientKey">What a client is, where it is more than its network.</param>
    public Greylist(PolicyStoreAccess access, IOptions<GreylistOptions> options, IGreylistClientKey? clientKey = null)
    {
        ArgumentNullException.ThrowIfNull(access);
        ArgumentNullException.ThrowIfNull(options);
        _access = access;
        _options = options.Value;
        _clientKey = clientKey;
        _exemptSenders = new AddressList(_options.ExemptSenders);
        _exemptRecipients = new AddressList(_options.ExemptRecipients);
        _rule = new SightingRule(_options.Delay, _options.RetryWindow, _options.Keep);
    }

    /// <summary>Checks a recipient. Who has logged in, and this machine itself, are never put off.</summary>
    /// <param name="client">The client.</param>
    /// <param name="login">Who has logged in.</param>
    /// <param name="sender">The sender.</param>
    /// <param name="recipient">The recipient.</param>
    /// <param name="cancellationToken">The handler's.</param>
    /// <returns>What becomes of it.</returns>
    public ValueTask<GreylistResult> CheckAsync(ConnectInfo? client, Authentication? login, EnvelopeAddress sender, EnvelopeAddress recipient, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(recipient);
        return login is not null || client is { IsLocal: true }
            ? new(Decided(true, GreylistReason.Exempt))
            : CheckAsync(new GreylistAttempt(client?.Address, sender.Address, recipient.Address, client?.HostName ?? ""), cancellationToken);
    }

    /// <summary>Checks an attempt.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="cancellationToken">The handler's.</param>
    /// <returns>What becomes of it.</returns>
    public async ValueTask<GreylistResult> CheckAsync(GreylistAttempt attempt, CancellationToken cancellationToken = default)
    {
        if (_options.ExemptClients.Contains(attempt.Client) || _exemptSenders.Contains(attempt.Sender) || _exemptRecipients.Contains(attempt.Recipient))
        {
            return Decided(true, GreylistReason.Exempt);
        }

        string client = await ClientOfAsync(attempt, cancellationToken).ConfigureAwait(false);
        if (_options.AutoWhitelistAfter > 0)
        {
            (bool isAnswered, Sighting? known) = await _access.TryAsync(
                Policy, client, static (store, key, token) => store.FindAsync(Clients, key, token), cancellationToken).ConfigureAwait(false);
            if (!isAnswered)
            {
                return Away();
            }

            if (known is { } sighting && sighting.Passes >= _options.AutoWhitelistAfter)
            {
                await SeeClientAsync(client, cancellationToken).ConfigureAwait(false);
                return Decided(true, GreylistReason.KnownClient);
            }
        }

        string triplet = $"{client} {attempt.Sender} {attempt.Recipient}".ToLowerInvariant();
        (bool isSeen, Sighting seen) = await _access.TryAsync(
            Policy, (triplet, _rule), static (store, ask, token) => store.SeeAsync(Triplets, ask.triplet, ask._rule, token), cancellationToken).ConfigureAwait(false);
        if (!isSeen)
        {
            return Away();
        }

        if (!seen.IsRipe)
        {
            TimeSpan left = seen.FirstSeen + _options.Delay - seen.LastSeen;
            return Decided(false, seen.IsNew ? GreylistReason.New : GreylistReason.Early, left);
        }

        // The first time that it comes back speaks for its client.
        if (seen.Passes == 1 && _options.AutoWhitelistAfter > 0)
        {
            await SeeClientAsync(client, cancellationToken).ConfigureAwait(false);
        }

        return Decided(true, GreylistReason.Known);
    }

    /// <summary>What comes of it decides nothing: the message passes whether this is noted or not.</summary>
    private async ValueTask SeeClientAsync(string client, CancellationToken cancellationToken) => await _access.TryAsync(
        Policy, (client, _options.Keep), static (store, ask, token) => store.SeeAsync(Clients, ask.client, SightingRule.ForSet(ask.Keep), token), cancellationToken).ConfigureAwait(false);

    private async ValueTask<string> ClientOfAsync(GreylistAttempt attempt, CancellationToken cancellationToken)
    {
        string? key = _clientKey is null ? null : await _clientKey.GetAsync(attempt, cancellationToken).ConfigureAwait(false);
        key ??= _options.Client == GreylistClient.PtrDomain ? ClientKeys.DomainOf(attempt.HostName, attempt.Client) : null;
        return key ?? ClientKeys.NetworkOf(attempt.Client, _options.IPv4PrefixLength, _options.IPv6PrefixLength);
    }

    private GreylistResult Away() => Decided(_options.OnStoreFailure == StoreFailure.Pass, GreylistReason.StoreAway);

    private static GreylistResult Decided(bool isPassed, GreylistReason reason, TimeSpan retryAfter = default)
    {
        PolicyMetrics.Decided(Policy, NameOf(reason));
        return new GreylistResult(isPassed, reason, retryAfter);
    }

    private static string NameOf(GreylistReason reason) => reason switch
    {
        GreylistReason.New => "new",
        GreylistReason.Early => "early",
        GreylistReason.Known => "known",
        GreylistReason.KnownClient => "known_client",
        GreylistReason.Exempt => "exempt",
        _ => "store_away",
    };
}
