using Milter;

namespace Quickstart;

/// <summary>Tags the subject of mail from outside, refuses words in the subject of any mail, and leaves its mark on what passes.</summary>
/// <remarks>Waits per message: 1. Run it after a filter that checks DKIM signatures: most signatures cover the subject.</remarks>
[Milter]
internal sealed partial class ExternalTagger(TaggerRules rules)
{
    private static readonly Verdict s_refused = Verdict.Reject(550, "5.7.1", "The subject has a word that is not taken here");

    [OnEom]
    private Verdict End(
        [Header("Subject", Decoded = true)] HeaderValues subjects,
        ConnectInfo? client,
        Authentication? login,
        HeaderEditor headers)
    {
        // A message may have several subjects, and which of them a mail program shows is up to the program.
        foreach (string subject in subjects)
        {
            if (rules.Words.FindIn(subject) is not null)
            {
                return s_refused;
            }
        }

        bool isTagged = subjects.Count == 1 && subjects[0].Contains(rules.Tag, StringComparison.OrdinalIgnoreCase);
        if (IsOutside(client, login) && !isTagged)
        {
            // A message without a subject gets one, or it would pass for one of ours; of several only the first is left, with the tag.
            headers.Set("Subject"u8, rules.Tagged(subjects.Count > 0 ? subjects.GetBytes(0) : default));
        }

        headers.Append("X-Milter", rules.HeaderValue);
        return Verdict.Accept;
    }

    /// <summary>Whoever has logged in, is this machine or is in a trusted network is inside. Where the MTA does not tell, the client is outside.</summary>
    private bool IsOutside(ConnectInfo? client, Authentication? login) =>
        login is null && client is not { IsLocal: true } && !rules.Trusted.Contains(client?.Address);
}
