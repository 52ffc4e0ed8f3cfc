using System.Security.Cryptography;
using Milter;
using Milter.Auth;
using Milter.Protocol;

[assembly: MessageBinder<DkimSigning, DkimSigningBinder>]

namespace Milter;

/// <summary>Makes <see cref="DkimSigning"/>, and signs when the handlers have returned.</summary>
[Needs(Actions = MilterActions.AddHeaders, Headers = true, Body = true, Client = true, HeaderSpace = true, Macros = ["{auth_authen}"])]
public sealed class DkimSigningBinder : IMessageBinder<DkimSigningBinder, DkimSigning>
{
    /// <summary>Gets the order of completions: last, since it has to see what all others do.</summary>
    public static int CompletionOrder => int.MaxValue;

    /// <summary>Decides whether the message is one to sign.</summary>
    /// <param name="context">What was collected of the message.</param>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The host has no <c>AddDkimSigning</c>.</exception>
    public static async ValueTask<DkimSigning> BindAsync(MessageBindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        DkimSigningServices services = Services(context);
        if (!context.Connection.IsAuthenticated && !context.Client.IsLocal && !services.Options.Networks.Contains(context.Client.Address))
        {
            return Unsigned(default, "the client is a stranger");
        }

        if (!context.Body.IsAvailable)
        {
            // Who is to sign is in the header, which is not to be had as it came: the plan decides.
            return new DkimSigning(default, [], null);
        }

        Stream whole = context.OpenMessage();
        await using (whole.ConfigureAwait(false))
        {
            byte[] bytes = new byte[Math.Max(0, whole.Length - context.Body.Length - 2)];
            await whole.ReadExactlyAsync(bytes, context.CancellationToken).ConfigureAwait(false);
            AuthorDomain author = AuthorDomain.Of(new RawHeader(bytes));
            IReadOnlyList<DkimSigningKey> keys = author.Domain is { } domain ? services.Of(domain) : [];
            return author.Domain is null ? Unsigned(author, author.Problem)
                : keys.Count == 0 ? Unsigned(author, $"{author.Domain} has no key")
                : new DkimSigning(author, keys, null);
        }
    }

    /// <summary>Signs.</summary>
    /// <param name="value">Whether to, and by which keys.</param>
    /// <param name="context">What was collected of the message, and its plan of edits.</param>
    /// <returns>Continue; where it can't be signed, by option TempFail.</returns>
    public static async ValueTask<Verdict> CompleteAsync(DkimSigning value, MessageBindingContext context)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(context);
        DkimSigningServices services = Services(context);
        if (value.NotSigned is not null)
        {
            AuthenticationMetrics.Signed("unsigned");
            return Verdict.Continue;
        }

        string? problem = await TrySignAsync(value, services, context).ConfigureAwait(false);
        AuthenticationMetrics.Signed(problem is null ? "signed" : "failed");
        if (problem is null)
        {
            return Verdict.Continue;
        }

        services.CanNotSign(context.Connection.QueueId, value.Domain ?? "a client of ours", problem);
        return services.Options.OnFailure == DkimSigningFailure.TempFail ? Verdict.TempFail(451, "4.7.5", "This message can't be signed for now") : Verdict.Continue;
    }

    private static async ValueTask<string?> TrySignAsync(DkimSigning value, DkimSigningServices services, MessageBindingContext context)
    {
        if (!context.Body.IsAvailable)
        {
            return $"the body was not kept ({context.Body.UnavailableReason})";
        }

        Stream delivered = context.OpenEditedMessage(out string? unforeseen);
        await using (delivered.ConfigureAwait(false))
        {
            if (unforeseen is not null)
            {
                return unforeseen;
            }

            RawHeader header = await HeaderReader.ReadAsync(delivered, context.CancellationToken).ConfigureAwait(false);
            using var digests = new BodyDigests();
            int digest = digests.Add(Canonicalization.Relaxed, null);
            await digests.ReadAsync(delivered, context.CancellationToken).ConfigureAwait(false);
            try
            {
                string[] signatures = [.. value.Keys.Select(key => DkimSigner.Sign(
                    header, digests.Digest(Canonicalization.Relaxed, digest), services.Keys.Of(key.File), DnsNames.Normal(key.Domain)!, key.Selector, services.Time.GetUtcNow(), services.Options.Lifetime))];
                foreach (string signature in signatures)
                {
                    context.HeaderEditor!.Prepend(DkimVerifier.FieldName, signature);
                }

                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or FormatException)
            {
                return $"{string.Join(", ", value.Keys.Select(static key => key.File))}: {e.Message}";
            }
        }
    }

    private static DkimSigning Unsigned(AuthorDomain author, string reason) => new(author, [], reason);

    private static DkimSigningServices Services(MessageBindingContext context) => context.Services.GetService(typeof(DkimSigningServices)) as DkimSigningServices
        ?? throw new InvalidOperationException("A handler takes DkimSigning, and the host has no keys: call services.AddDkimSigning().");
}
