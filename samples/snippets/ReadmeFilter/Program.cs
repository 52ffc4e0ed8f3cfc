using Milter;

await MilterServer.RunAsync<ExternalTagger>("inet:9199@localhost");

[Milter]
sealed partial class ExternalTagger
{
    [OnEom]
    Verdict End([Header("Subject")] string? subject, ConnectInfo? client, Authentication? login, HeaderEditor headers)
    {
        if (login is null && client is not { IsLocal: true })
            headers.Set("Subject", "[EXTERNAL] " + subject);
        return Verdict.Accept;
    }
}
