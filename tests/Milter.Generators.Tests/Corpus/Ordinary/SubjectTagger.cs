using Milter;

namespace Ordinary.SubjectTagger;

[Milter]
public sealed partial class Filter
{
    [OnEom]
    private static Verdict End([Header("Subject")] string? subject, ConnectInfo? client, Authentication? login, HeaderEditor headers)
    {
        if (login is null && client is not { IsLocal: true })
        {
            headers.Set("Subject", "[EXTERNAL] " + subject);
        }

        return Verdict.Accept;
    }
}
