using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Milter.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds options that a NativeAOT program has sooner.</summary>
public static class MilterOptionsBuilderExtensions
{
    /// <summary>Registers what options of this type are made of by the type, which <c>AddOptions</c> leaves to the platform's registration for all types. Behaves the same, and spares a NativeAOT program making four generic types before it listens.</summary>
    /// <example><code>builder.Services.AddOptions&lt;TaggerOptions&gt;().BindConfiguration("Tagger").ValidateOnStart().MakeAhead();</code></example>
    /// <remarks>Where a program registers an <see cref="IOptionsFactory{TOptions}"/> for all types, one for this type goes before it.</remarks>
    /// <typeparam name="T">The options.</typeparam>
    /// <param name="builder">The options' builder.</param>
    /// <returns>The same builder.</returns>
    public static OptionsBuilder<T> MakeAhead<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(this OptionsBuilder<T> builder)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddClosedOptions<T>();
        return builder;
    }
}
