using Microsoft.Extensions.Options;

namespace Milter.Auth;

/// <summary>What judging needs: of the host where <c>AddSenderAuthentication</c> was called, otherwise with all defaults.</summary>
internal sealed class AuthenticationServices(IDnsQuery dns, AuthenticationOptions options, DnsOptions dnsOptions, TimeProvider time)
{
    private static readonly Lazy<AuthenticationServices> s_default = new(static () =>
    {
        var dns = new DnsOptions();
        return new AuthenticationServices(new MailDns(dns), new AuthenticationOptions(), dns, TimeProvider.System);
    });

    public IDnsQuery Dns => dns;

    public AuthenticationOptions Options => options;

    public DnsOptions DnsOptions => dnsOptions;

    public TimeProvider Time => time;

    public static AuthenticationServices Of(IServiceProvider services)
    {
        if (services.GetService(typeof(AuthenticationServices)) is AuthenticationServices registered)
        {
            return registered;
        }

        // A DNS of one's own, as tests have it, is enough.
        return services.GetService(typeof(IDnsQuery)) is IDnsQuery own
            ? new AuthenticationServices(
                own,
                (services.GetService(typeof(IOptions<AuthenticationOptions>)) as IOptions<AuthenticationOptions>)?.Value ?? s_default.Value.Options,
                s_default.Value.DnsOptions,
                services.GetService(typeof(TimeProvider)) as TimeProvider ?? TimeProvider.System)
            : s_default.Value;
    }
}
