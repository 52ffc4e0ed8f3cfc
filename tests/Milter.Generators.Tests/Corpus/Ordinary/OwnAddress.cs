using Milter;

namespace Ordinary.OwnAddress;

public interface IMailboxes
{
    bool Owns(string user, string address);
}

[Milter]
public sealed partial class Filter(IMailboxes mailboxes)
{
    private static readonly Verdict s_notYours = Verdict.Reject(553, "5.7.1", "This is not your address");

    [OnMail]
    private Verdict From(EnvelopeAddress sender, Authentication? login) =>
        login is null || sender.IsNull || mailboxes.Owns(login.Identity, sender.Address) ? Verdict.Continue : s_notYours;
}
