using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Milter.Hosting;

/// <summary>Validates, before a host starts, the options that are to be validated at its start. The host does the same again, and writes a stack trace to the log where that fails.</summary>
internal static class StartupValidation
{
    /// <summary>Validates them.</summary>
    /// <exception cref="OptionsValidationException">Some are wrong; several are an <see cref="AggregateException"/>.</exception>
    /// <remarks>
    /// From Microsoft.Extensions 11 on validators may be asynchronous. The synchronous way does not only refuse options that have one: it leaves them in the monitor's cache as refused, so that the host, which knows better, can't start any more.
    /// The interface is asked for by its name, because this assembly is built against the oldest version that users have. The trimmer reads both texts.
    /// </remarks>
    public static Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (Type.GetType("Microsoft.Extensions.Options.IAsyncStartupValidator, Microsoft.Extensions.Options") is { } asynchronous
            && services.GetService(asynchronous) is { } validator
            && asynchronous.GetMethod("ValidateAsync", [typeof(CancellationToken)]) is { } validate)
        {
            return validate.CreateDelegate<Func<CancellationToken, Task>>(validator)(cancellationToken);
        }

        services.GetService<IStartupValidator>()?.Validate();
        return Task.CompletedTask;
    }
}
