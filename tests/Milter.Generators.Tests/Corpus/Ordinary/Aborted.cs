using System.Threading.Tasks;
using Milter;

namespace Ordinary.Aborted;

public interface IStatistics
{
    void Count(string what);
}

[Milter]
public sealed partial class Filter(IStatistics statistics)
{
    [OnAbort]
    private void Aborted() => statistics.Count("aborted");

    [OnMessageEnd]
    private async Task Done(MessageOutcome outcome)
    {
        await Task.Yield();
        statistics.Count(outcome.ToString());
    }
}
