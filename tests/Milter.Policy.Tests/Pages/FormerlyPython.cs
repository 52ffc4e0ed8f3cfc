using System.Net;
using Milter;

[Milter]
public sealed partial class FormerlyPython
{
    static readonly IpNetworkSet s_inside = IpNetworkSet.Parse("10.0.0.0/8");

    [OnEom]
    Verdict End([Header("Subject")] string? subject, [ClientAddress] IPAddress? client, HeaderEditor headers)
    {
        if (!s_inside.Contains(client))
        {
            headers.Set("Subject", "[EXTERNAL] " + subject);
        }

        return Verdict.Accept;
    }
}
