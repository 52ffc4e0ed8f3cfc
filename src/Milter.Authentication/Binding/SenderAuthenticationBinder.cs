using Milter;
using Milter.Auth;

[assembly: MessageBinder<SenderAuthentication, SenderAuthenticationBinder>]
[assembly: MessageBinder<SpfResult, SpfResultBinder>]

namespace Milter;

/// <summary>Makes <see cref="SenderAuthentication"/> for handlers at EOM.</summary>
[Needs(Envelope = true, Headers = true, Body = true, Client = true, Helo = true, HeaderSpace = true, Macros = ["j", "{auth_authen}"])]
public sealed class SenderAuthenticationBinder : IMessageBinder<SenderAuthenticationBinder, SenderAuthentication>
{
    /// <summary>Makes the value; nothing is judged yet.</summary>
    /// <param name="context">What was collected of the message.</param>
    /// <returns>The value.</returns>
    public static async ValueTask<SenderAuthentication> BindAsync(MessageBindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        AuthenticationServices services = AuthenticationServices.Of(context.Services);
        RawHeader? header = null;
        if (context.Body.IsAvailable)
        {
            Stream whole = context.OpenMessage();
            await using (whole.ConfigureAwait(false))
            {
                // The empty line behind the header is no part of it.
                byte[] bytes = new byte[Math.Max(0, whole.Length - context.Body.Length - 2)];
                await whole.ReadExactlyAsync(bytes, context.CancellationToken).ConfigureAwait(false);
                header = new RawHeader(bytes);
            }
        }

        RawMessage? message = header is null ? null : new RawMessage(header, context.Body.OpenRead, context.HasHeaderSpace);
        SenderFacts facts = SenderFacts.Of(context, services.Options, header?.Named("Received").Select(header.Text) ?? []);
        return new SenderAuthentication(
            facts,
            message,
            $"the body was not kept ({context.Body.UnavailableReason ?? "it is over Milter:MaxBodySize"})",
            services,
            context.Connection.GetMacro("j"),
            context.CancellationToken);
    }
}

/// <summary>Makes <see cref="SpfResult"/> for handlers from MAIL on: SPF of the envelope's sender.</summary>
[Needs(Envelope = true, Client = true, Helo = true, Macros = ["j", "{auth_authen}"])]
public sealed class SpfResultBinder : IMessageBinder<SpfResultBinder, SpfResult>
{
    /// <summary>Judges the client by the envelope's sender.</summary>
    /// <param name="context">What was collected of the message.</param>
    /// <returns>The result.</returns>
    public static async ValueTask<SpfResult> BindAsync(MessageBindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        AuthenticationServices services = AuthenticationServices.Of(context.Services);
        SenderFacts facts = SenderFacts.Of(context, services.Options, received: null);
        using var dns = new MessageDns(services.Dns, services.DnsOptions, services.Time);
        string? receiver = services.Options.AuthservId ?? context.Connection.GetMacro("j");
        return await Spf.JudgeAsync(dns, services.Time, receiver, facts, SpfIdentity.MailFrom, context.CancellationToken).ConfigureAwait(false);
    }
}
