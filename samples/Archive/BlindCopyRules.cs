using Microsoft.Extensions.Options;
using Milter;

namespace Samples.Archive;

/// <summary>Who gets a blind copy of what.</summary>
internal sealed class BlindCopyRules(IOptions<ArchiveOptions> options)
{
    private readonly Dictionary<string, string> _rules = new(options.Value.BlindCopies, StringComparer.OrdinalIgnoreCase);

    /// <summary>Each address once, and not those that get the message anyway.</summary>
    public IReadOnlyList<string> CopiesFor(MessageEnvelope envelope)
    {
        var copies = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Add(copies, envelope.Sender);
        foreach (EnvelopeAddress recipient in envelope.Recipients)
        {
            Add(copies, recipient);
        }

        return [.. copies.Where(copy => !envelope.Recipients.Any(recipient => recipient.Address.Equals(copy, StringComparison.OrdinalIgnoreCase)))];
    }

    private void Add(HashSet<string> copies, EnvelopeAddress address)
    {
        if (_rules.TryGetValue(address.Address, out string? copy) || _rules.TryGetValue(address.Domain, out copy))
        {
            copies.Add(copy);
        }
    }
}
