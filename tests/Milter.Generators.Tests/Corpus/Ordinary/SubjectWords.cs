using System;
using System.Collections.Generic;
using Milter;

namespace Ordinary.SubjectWords;

[Milter]
public sealed partial class Filter(IReadOnlyList<string> words)
{
    private static readonly Verdict s_refused = Verdict.Reject(550, "5.7.1", "The subject has a word that is not taken here");

    [OnEom]
    private Verdict End([Header("Subject", Decoded = true)] HeaderValues subjects)
    {
        foreach (string subject in subjects)
        {
            foreach (string word in words)
            {
                if (subject.Contains(word, StringComparison.OrdinalIgnoreCase))
                {
                    return s_refused;
                }
            }
        }

        return Verdict.Continue;
    }
}
