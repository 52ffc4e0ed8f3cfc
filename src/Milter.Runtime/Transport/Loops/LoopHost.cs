using Milter.Limits;

namespace Milter.Transport.Loops;

/// <summary>What loops need of the engine.</summary>
/// <param name="Late">Is told when the system gives no thread.</param>
/// <param name="Wake">Somebody begins to work: the clock should look.</param>
/// <param name="Die">A loop can't go on: the process should end, with a line.</param>
internal sealed record LoopHost(LateHandlers Late, Action Wake, Action<string, Exception?> Die);
