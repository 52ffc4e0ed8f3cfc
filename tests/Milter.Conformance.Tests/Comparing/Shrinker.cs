using System.Collections.Immutable;
using System.Diagnostics;
using Milter.Conformance.Tests.Plans;
using Milter.Protocol;

namespace Milter.Conformance.Tests.Comparing;

/// <summary>Makes a plan smaller that shows a difference, greedily, for as long as it still shows one.</summary>
internal static class Shrinker
{
    /// <summary>Shrinks.</summary>
    /// <param name="plan">The plan that fails.</param>
    /// <param name="fails">Whether a plan fails.</param>
    /// <param name="most">How long that may take.</param>
    /// <returns>A plan that fails, too.</returns>
    public static SessionPlan Shrink(SessionPlan plan, Func<SessionPlan, bool> fails, TimeSpan most)
    {
        long start = Stopwatch.GetTimestamp();
        bool smaller = true;
        while (smaller)
        {
            smaller = false;
            foreach (SessionPlan candidate in Candidates(plan))
            {
                if (Stopwatch.GetElapsedTime(start) > most)
                {
                    return plan;
                }

                // What is smaller may be one of the known deviations: another finding, and none.
                if (KnownDeviations.In(candidate) is null && fails(candidate))
                {
                    plan = candidate;
                    smaller = true;
                    break;
                }
            }
        }

        return plan;
    }

    private static IEnumerable<SessionPlan> Candidates(SessionPlan plan)
    {
        for (int size = Math.Max(1, plan.Moves.Length / 2); ; size /= 2)
        {
            for (int start = plan.Moves.Length - size; start >= 0; start -= size)
            {
                yield return plan with { Moves = plan.Moves.RemoveRange(start, size) };
            }

            if (size <= 1)
            {
                break;
            }
        }

        if (plan.Writing != Writing.Whole)
        {
            yield return plan with { Writing = Writing.Whole };
        }

        if (plan.Ending != Ending.Quit)
        {
            yield return plan with { Ending = Ending.Quit };
        }

        if (plan.Offer != Offer.Everything)
        {
            yield return plan with { Offer = Offer.Everything };
        }

        for (int i = 0; i < plan.Moves.Length; i++)
        {
            foreach (Move simpler in Simpler(plan.Moves[i]))
            {
                yield return plan with { Moves = plan.Moves.SetItem(i, simpler) };
            }
        }
    }

    private static IEnumerable<Move> Simpler(Move move)
    {
        if (move.Macros is not null)
        {
            yield return move with { Macros = null };
        }

        int first = move.Payload.IndexOf('\0', StringComparison.Ordinal) + 1;
        if (move.Command is MilterCommand.Mail or MilterCommand.Rcpt && first < move.Payload.Length)
        {
            yield return move with { Payload = move.Payload[..first] };
        }

        if (move.Command == MilterCommand.Body && move.Payload.Length > 1)
        {
            yield return move with { Payload = move.Payload[..(move.Payload.Length / 2)] };
        }
    }
}
