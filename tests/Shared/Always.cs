using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Milter.Tests;

/// <summary>Tries what has to hold for every value on many values that are made by chance.</summary>
/// <remarks>
/// A failure says the value, made as small as it could be, and a seed. <c>ATTRMILTER_PROPERTY_SEED=seed,gamma,size</c> plays that one again;
/// <c>ATTRMILTER_PROPERTY_FACTOR=100</c> tries a hundred times as many.
/// </remarks>
internal static class Always
{
    /// <summary>Fails where the assertion throws for some value.</summary>
    /// <param name="values">Makes the values.</param>
    /// <param name="assert">What has to hold.</param>
    /// <param name="times">How many values.</param>
    /// <param name="smaller">Values that are a part of one, to be tried when it fails.</param>
    public static void Holds<T>(Gen<T> values, Action<T> assert, int times = 500, Func<T, IEnumerable<T>>? smaller = null) =>
        Try(times, Prop.ForAll(Arb.From(values, smaller ?? (_ => [])), assert));

    /// <inheritdoc cref="Holds{T}(Gen{T}, Action{T}, int, Func{T, IEnumerable{T}})"/>
    public static void Holds<T>(Gen<T> values, Func<T, Task> assert, int times = 500, Func<T, IEnumerable<T>>? smaller = null) =>
        Try(times, Prop.ForAll(Arb.From(values, smaller ?? (_ => [])), assert));

    /// <summary>The arrays that are one item shorter, and the halves.</summary>
    public static IEnumerable<T[]> Shorter<T>(T[] items)
    {
        if (items.Length > 1)
        {
            yield return items[..(items.Length / 2)];
            yield return items[(items.Length / 2)..];
        }

        for (int i = 0; i < items.Length; i++)
        {
            yield return [.. items[..i], .. items[(i + 1)..]];
        }
    }

    private static void Try(int times, Property property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(times * Factor()).WithQuietOnSuccess(true).WithReplay(Seed()), property);

    private static int Factor() =>
        int.TryParse(Environment.GetEnvironmentVariable("ATTRMILTER_PROPERTY_FACTOR"), NumberStyles.None, CultureInfo.InvariantCulture, out int factor) ? factor : 1;

    private static FSharpOption<Replay>? Seed()
    {
        if (Environment.GetEnvironmentVariable("ATTRMILTER_PROPERTY_SEED")?.Split(',') is not [var seed, var gamma, .. var size])
        {
            return null;
        }

        var random = new Rnd(ulong.Parse(seed, CultureInfo.InvariantCulture), ulong.Parse(gamma, CultureInfo.InvariantCulture));
        return new Replay(random, size is [var number] ? new FSharpOption<int>(int.Parse(number, CultureInfo.InvariantCulture)) : null);
    }
}
