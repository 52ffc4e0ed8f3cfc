using Milter;

namespace Samples.DkimSigner;

/// <summary>Signs mail of our own (DKIM). All of it is in the section <c>DkimSigning</c> of the settings.</summary>
[Milter]
internal sealed partial class Signer
{
    [OnEom]
    private static void Sign(DkimSigning signing) => _ = signing;
}
