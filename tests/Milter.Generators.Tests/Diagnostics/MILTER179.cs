using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER179
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(EnvelopeEditor envelope) { envelope.AddRecipient([|"Name <a@b>"|]); envelope.AddRecipient([|"a@b, c@d"|]); envelope.AddRecipient([|"a@b..c"|]); envelope.RemoveRecipient("A <a@b>"); envelope.ChangeSender([|"a\n@b"|]); envelope.AddRecipient([|""|]); }
            [OnAbort] void Aborted() { }
        }
        [Milter]
        partial class Raw
        {
            [OnEom] void End(MessageActions actions) { actions.AddRecipient([|"Name <a@b>"|]); actions.DeleteRecipient("<a@b>"); }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(EnvelopeEditor envelope, MessageEnvelope e) { envelope.AddRecipient("a@b"); envelope.AddRecipient("<a@b>"); envelope.ChangeSender(""); envelope.ChangeSender("<>"); envelope.AddRecipient("\"a b\"@c"); envelope.AddRecipient("root"); envelope.AddRecipient("a@[192.0.2.1]"); envelope.RemoveRecipient(e.Sender.Address); }
        }
        """);
}
