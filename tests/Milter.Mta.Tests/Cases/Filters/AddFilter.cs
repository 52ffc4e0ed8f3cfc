namespace Milter.Mta.Filters;

/// <summary>Adds a field to every message, and needs to see nothing of it.</summary>
[Milter]
public sealed partial class AddFilter
{
    [OnEom]
    private static void End(HeaderAdder headers) => headers.Add("X-A", "four");
}
