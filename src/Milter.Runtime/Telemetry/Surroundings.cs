using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Milter.Telemetry;

/// <summary>What handlers' code runs in: the log's scope and the span of the message, which follow it to wherever it goes on. Made once a message, entered at each turn.</summary>
internal sealed class Surroundings
{
    private readonly ExecutionContext _inner;
    private readonly IDisposable? _scope;

    private Surroundings(ExecutionContext inner, IDisposable? scope) => (_inner, _scope) = (inner, scope);

    /// <summary>Makes surroundings; none where neither log nor traces have anything to add.</summary>
    /// <param name="logger">The log, which does not throw.</param>
    /// <param name="scope">What its lines have.</param>
    /// <param name="span">What is the parent of spans that handlers start.</param>
    public static Surroundings? Make(ILogger logger, HandlerScope? scope, Activity? span)
    {
        if (ExecutionContext.Capture() is not { } outer)
        {
            return null;
        }

        if (span is not null)
        {
            Activity.Current = span;
        }

        IDisposable? opened = scope is null ? null : logger.BeginScope(scope);
        Surroundings? made = opened is null && span is null ? null : new Surroundings(ExecutionContext.Capture() ?? outer, opened);
        ExecutionContext.Restore(outer);
        return made;
    }

    /// <summary>Begins to run what is called on this thread in them.</summary>
    /// <returns>What <see cref="Leave"/> goes back to.</returns>
    public ExecutionContext? Enter()
    {
        ExecutionContext? outer = ExecutionContext.Capture();
        if (outer is not null)
        {
            ExecutionContext.Restore(_inner);
        }

        return outer;
    }

    /// <summary>Goes back to what was before; code that was entered and goes on elsewhere keeps its surroundings.</summary>
    public static void Leave(ExecutionContext? outer)
    {
        if (outer is not null)
        {
            ExecutionContext.Restore(outer);
        }
    }

    /// <summary>Ends the scope, within the surroundings.</summary>
    public void EndScope()
    {
        try
        {
            _scope?.Dispose();
        }
#pragma warning disable CA1031 // A log that fails must cost no mail.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The log is what failed.
        }
    }
}
