using Microsoft.Extensions.DependencyInjection;
using Milter.CompilerServices;

namespace Milter.Session;

/// <summary>The filter's instance of one SMTP session with its services, made when first needed.</summary>
/// <remarks>Services of handler parameters come from a scope that lives as long as the message; in stages without a message from that of the session.</remarks>
internal sealed class FilterInstance(SessionSettings settings)
{
    private IMilterDispatcher? _filter;
    private AsyncServiceScope? _session;
    private AsyncServiceScope? _message;

    /// <summary>Gets the instance if it was made.</summary>
    public IMilterDispatcher? Existing => _filter;

    public bool HasMessageScope => _message is not null;

    public IMilterDispatcher Get() => _filter ??= settings.Create(SessionServices());

    public IServiceProvider SessionServices() => Services(ref _session, settings.Services);

    public IServiceProvider MessageServices() => Services(ref _message, settings.Services);

    public async ValueTask EndMessageAsync()
    {
        if (_message is { } scope)
        {
            _message = null;
            await scope.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Disposes of the instance and its services, of each even if another throws. The next use makes new ones.</summary>
    public async ValueTask EndSessionAsync()
    {
        try
        {
            await EndMessageAsync().ConfigureAwait(false);
        }
        finally
        {
            await EndFilterAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask EndFilterAsync()
    {
        (IMilterDispatcher? filter, AsyncServiceScope? scope) = (_filter, _session);
        (_filter, _session) = (null, null);
        try
        {
            if (filter is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                (filter as IDisposable)?.Dispose();
            }
        }
        finally
        {
            if (scope is not null)
            {
                await scope.Value.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    // Without a container there are no scopes: the one provider serves all.
    private static IServiceProvider Services(ref AsyncServiceScope? scope, IServiceProvider root)
    {
        if (scope is null && root.GetService(typeof(IServiceScopeFactory)) is IServiceScopeFactory factory)
        {
            scope = new AsyncServiceScope(factory.CreateScope());
        }

        return scope?.ServiceProvider ?? root;
    }
}
