using Milter.Conformance.Tests.Mta;
using Milter.Conformance.Tests.Wire;
using Milter.Protocol;

namespace Milter.Conformance.Tests.Comparing;

/// <summary>Says where two filters differ for an MTA: in what they agree to, in what they answer, in what they leave out or add.</summary>
internal static class Comparer
{
    // What an MTA sends otherwise, or otherwise spelled, because of them. NO and NR bits only spare what would be continue; and symbol lists are a wish.
    private const ProtocolSteps Meaningful = ProtocolSteps.Skip | ProtocolSteps.RejectedRecipients | ProtocolSteps.HeaderLeadingSpace | ProtocolSteps.MaxData256K | ProtocolSteps.MaxData1M;

    /// <summary>Compares what an MTA has seen of the two.</summary>
    /// <returns>The first difference, or null when there is none.</returns>
    public static string? FirstDifference(Transcript reference, Transcript other)
    {
        if (reference.Failure is { } failure)
        {
            return $"The reference failed: {failure}";
        }

        return Negotiation(reference, other)
            ?? Exchanges([.. reference.Exchanges.Where(IsCompared)], [.. other.Exchanges.Where(IsCompared)], other.Failure)
            ?? (other.Failure is { } broken ? $"The other failed: {broken}" : null)
            ?? Extra("reference", reference)
            ?? Extra("other", other);
    }

    private static bool IsCompared(Exchange exchange) => Steps.Waits(exchange.Move.Command);

    private static string? Negotiation(Transcript reference, Transcript other)
    {
        if (reference.Answer is not { } expected || other.Answer is not { } actual)
        {
            return other.Answer is null ? $"The other did not answer the offer: {other.Failure}" : "The reference did not answer the offer";
        }

        if (!OptNegPayload.TryRead(Bytes.Of(expected.Payload), out OptNegPayload a, out _) || !OptNegPayload.TryRead(Bytes.Of(actual.Payload), out OptNegPayload b, out _))
        {
            return $"The offer was answered with {expected} and {actual}";
        }

        MilterActions actions = (a.Actions ^ b.Actions) & ~MilterActions.SetSymbolList;
        ProtocolSteps steps = (a.Steps ^ b.Steps) & Meaningful;
        return a.Version != b.Version ? $"The version is {a.Version} and {b.Version}"
            : actions != 0 ? $"The actions are {a.Actions} and {b.Actions}"
            : steps != 0 ? $"The steps are {a.Steps} and {b.Steps}"
            : null;
    }

    private static string? Exchanges(Exchange[] reference, Exchange[] other, string? failure)
    {
        int count = Math.Min(reference.Length, other.Length);
        for (int i = 0; i < count; i++)
        {
            Exchange a = reference[i];
            Exchange b = other[i];
            if (a.Index != b.Index || a.Move.Command != b.Move.Command)
            {
                return $"Where one MTA sends {a.Move}, the other sends {b.Move}";
            }

            if (!a.Effect.SequenceEqual(b.Effect))
            {
                string broken = i == other.Length - 1 && failure is not null ? $", then {failure}" : "";
                return $"To {a.Move} the answer is {Shown(a)} and {Shown(b)}{broken}";
            }
        }

        return reference.Length > count ? $"The other's session ends before {reference[count].Move}{(failure is null ? "" : ": " + failure)}"
            : other.Length > count ? $"The reference's session ends before {other[count].Move}"
            : null;
    }

    private static string? Extra(string who, Transcript transcript) =>
        transcript.Rest.Length > 0 ? $"The {who} sent more than was asked for: {Bytes.Shown(transcript.Rest)}" : null;

    private static string Shown(Exchange exchange) => $"[{string.Join(", ", exchange.Effect)}]";
}
