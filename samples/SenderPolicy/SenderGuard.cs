using Milter;
using Milter.Policy;

namespace Samples.SenderPolicy;

/// <summary>Who may send as whom, to how many, and how much: senders of ours need a login or one of our machines, and what is sent is limited by login and network.</summary>
[Milter]
internal sealed partial class SenderGuard(SenderPolicyRules rules, PolicyLimits limits)
{
    private static readonly Verdict s_forged = Verdict.Reject(550, "5.7.1", "Senders of this domain have to log in");
    private static readonly Verdict s_tooMany = Verdict.TempFail(452, "4.5.3", "Too many recipients in one message");
    private static readonly Verdict s_mixed = Verdict.Reject(550, "5.7.1", "One message is not for people inside and outside both: send it twice");

    [PerMessage] private int _inside;
    [PerMessage] private int _outside;

    [OnMail]
    private async ValueTask<Verdict> From(EnvelopeAddress sender, ConnectInfo? client, Authentication? login, CancellationToken cancellationToken)
    {
        bool isInside = login is not null || client is { IsLocal: true } || rules.IsInside(client?.Address);
        return !isInside && rules.IsOurs(sender)
            ? s_forged
            : (await limits.AcquireAsync(PolicyLimitOf.Messages, 1, client, login, cancellationToken)).Verdict;
    }

    [OnRcpt]
    private async ValueTask<Verdict> To(EnvelopeAddress recipient, ConnectInfo? client, Authentication? login, CancellationToken cancellationToken)
    {
        bool isOurs = rules.IsOurs(recipient);
        if (!rules.AllowsMixedRecipients && login is not null && (isOurs ? _outside : _inside) > 0)
        {
            return s_mixed;
        }

        if (rules.MaxRecipients > 0 && _inside + _outside >= rules.MaxRecipients)
        {
            return s_tooMany;
        }

        Verdict verdict = (await limits.AcquireAsync(PolicyLimitOf.Recipients, 1, client, login, cancellationToken)).Verdict;
        if (verdict.IsContinue)
        {
            _ = isOurs ? ++_inside : ++_outside;
        }

        return verdict;
    }
}
