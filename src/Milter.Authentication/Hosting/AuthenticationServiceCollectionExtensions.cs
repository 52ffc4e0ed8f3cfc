using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Milter;
using Milter.Auth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what judges senders.</summary>
public static class AuthenticationServiceCollectionExtensions
{
    /// <summary>Adds the DNS for mail (<see cref="IDnsQuery"/>, section <c>Dns</c>), the options of <see cref="SenderAuthentication"/> and <see cref="SpfResult"/> (section <c>Authentication</c>), and <see cref="DnsLists"/> (section <c>DnsLists</c>).</summary>
    /// <remarks>The options are checked when the host starts. An <see cref="IDnsQuery"/> that was added before is taken instead of <see cref="MailDns"/>.</remarks>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddSenderAuthentication(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<DnsOptions>().BindConfiguration(DnsOptions.Section).ValidateOnStart();
        services.AddOptions<AuthenticationOptions>().BindConfiguration(AuthenticationOptions.Section).ValidateOnStart();
        services.AddOptions<DnsListOptions>().BindConfiguration(DnsListOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DnsOptions>, ValidateDnsOptions>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuthenticationOptions>, ValidateAuthenticationOptions>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DnsListOptions>, ValidateDnsListOptions>());
        services.TryAddSingleton<IDnsQuery>(static provider => new MailDns(provider.GetRequiredService<IOptions<DnsOptions>>().Value, provider.GetService<TimeProvider>()));
        services.TryAddSingleton(static provider => new AuthenticationServices(
            provider.GetRequiredService<IDnsQuery>(),
            provider.GetRequiredService<IOptions<AuthenticationOptions>>().Value,
            provider.GetRequiredService<IOptions<DnsOptions>>().Value,
            provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.TryAddSingleton(static provider => new DnsLists(
            provider.GetRequiredService<IDnsQuery>(), provider.GetRequiredService<IOptions<DnsListOptions>>().Value, provider.GetService<TimeProvider>()));
        return services;
    }

    /// <summary>Adds what <see cref="DkimSigning"/> signs with, with the options of the section <c>DkimSigning</c>, which are checked when the host starts.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddDkimSigning(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<DkimSigningOptions>().BindConfiguration(DkimSigningOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DkimSigningOptions>, ValidateDkimSigningOptions>());
        services.TryAddSingleton<DkimSigningServices>();
        return services;
    }
}
