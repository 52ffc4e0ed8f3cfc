using Milter;

namespace Ordinary.Lists;

[Milter]
public sealed partial class Filter
{
    [OnEom]
    private static void End([Header("List-Id")] string? list, HeaderEditor headers)
    {
        if (list is not null)
        {
            headers.Set("X-Folder", "lists");
        }
    }
}
