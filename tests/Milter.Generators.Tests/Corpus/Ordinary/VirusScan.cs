using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Milter;

namespace Ordinary.VirusScan;

public interface IScanner
{
    Task<string?> ScanAsync(Stream message, CancellationToken cancellationToken);
}

[Milter]
public sealed partial class Filter
{
    private static readonly Verdict s_infected = Verdict.Reject(554, "5.7.1", "The message has a virus");

    [OnEom]
    private static async Task<Verdict> End(MessageBody body, [FromServices] IScanner scanner, HeaderEditor headers, CancellationToken cancellationToken)
    {
        if (!body.IsAvailable)
        {
            return Verdict.TempFail();
        }

        using Stream stream = body.OpenRead();
        if (await scanner.ScanAsync(stream, cancellationToken).ConfigureAwait(false) is not null)
        {
            return s_infected;
        }

        headers.Set("X-Virus-Scanned", "yes");
        return Verdict.Continue;
    }
}
