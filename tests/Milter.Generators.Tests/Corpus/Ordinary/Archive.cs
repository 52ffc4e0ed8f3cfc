using Milter;

namespace Ordinary.Archive;

[Milter]
public sealed partial class Filter
{
    [OnEom]
    private static void End(EnvelopeEditor envelope) => envelope.AddRecipient("archive@example.org");
}
