using Milter;

namespace Ordinary.Privacy;

[Milter]
public sealed partial class Filter
{
    private static readonly string[] s_private = ["X-Originating-IP", "X-Mailer", "User-Agent"];

    [OnEom]
    private static void End(Authentication? login, HeaderEditor headers)
    {
        if (login is null)
        {
            return;
        }

        foreach (string name in s_private)
        {
            headers.RemoveAll(name);
        }
    }
}
