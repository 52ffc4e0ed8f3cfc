using System.Threading;
using System.Threading.Tasks;
using Milter;

namespace Ordinary.Backscatter;

public interface ISentMail
{
    ValueTask<bool> WasSentAsync(string messageId, CancellationToken cancellationToken);
}

public abstract class BounceFilter
{
    [PerMessage]
    protected bool IsBounce { get; set; }

    [OnMail]
    protected void From(EnvelopeAddress sender) => IsBounce = sender.IsNull;
}

[Milter]
public sealed partial class Filter(ISentMail sent) : BounceFilter
{
    private static readonly Verdict s_notOurs = Verdict.Reject(550, "5.7.1", "We have not sent that message");

    [OnEom]
    private async Task<Verdict> End([Header("In-Reply-To")] string? reference, CancellationToken cancellationToken) =>
        IsBounce && reference is not null && !await sent.WasSentAsync(reference, cancellationToken).ConfigureAwait(false) ? s_notOurs : Verdict.Continue;
}
