using System;
using Milter;

namespace Ordinary.Postmaster;

[Milter]
public sealed partial class Filter
{
    [OnEom]
    private static void End(MessageEnvelope envelope, EnvelopeEditor editor)
    {
        foreach (EnvelopeAddress recipient in envelope.Recipients)
        {
            if (recipient.LocalPart.Equals("postmaster", StringComparison.OrdinalIgnoreCase))
            {
                editor.RemoveRecipient(recipient.Address);
                editor.AddRecipient("admins@example.org");
            }
        }
    }
}
