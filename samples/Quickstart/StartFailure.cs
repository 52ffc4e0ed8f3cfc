using Microsoft.Extensions.Options;
using Milter;

namespace Quickstart;

/// <summary>What keeps the program from starting and is for its user to mend: no stack trace is of any help there.</summary>
internal static class StartFailure
{
    /// <summary>Says what has to be mended, a line each.</summary>
    /// <returns><see langword="null"/> where the exception is something else.</returns>
    public static string? Describe(Exception exception) => exception switch
    {
        OptionsValidationException options => string.Join('\n', options.Failures),
        MilterListenException => exception.Message,
        AggregateException { InnerExceptions: { Count: > 0 } inner } when inner.All(static e => Describe(e) is not null) => string.Join('\n', inner.Select(Describe)),
        _ => null,
    };
}
