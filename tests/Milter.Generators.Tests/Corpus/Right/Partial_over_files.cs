// handlers in three files, type Company.Mail.Filter
//> EOM: InsertHeader X-Log|alice,bob,carol
//> EOM: InsertHeader X-Log|alice,bob
namespace Company.Mail;

[Milter]
public partial class Filter
{
    [OnMail(Order = 1)] void From(EnvelopeAddress sender) => _log.Add(sender.LocalPart!);
}
// file
namespace Company.Mail;

public partial class Filter
{
    [PerMessage] private readonly List<string> _log = [];

    [OnRcpt] void To(EnvelopeAddress recipient) => _log.Add(recipient.LocalPart!);
}
// file
namespace Company.Mail;

partial class Filter
{
    [OnEom] void End(HeaderAdder adder) => adder.Add("X-Log", string.Join(",", _log));
}
