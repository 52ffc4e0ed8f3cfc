// made by generated code alone
//> EOM: InsertHeader X-Services|True
//> EOM: InsertHeader X-Services|True
[Milter]
sealed partial class Filter
{
    private readonly IServiceProvider _services;

    private Filter(IServiceProvider services) => _services = services;

    [OnEom] void End(HeaderAdder adder) => adder.Add("X-Services", $"{_services.GetService(typeof(Uri)) is null}");
}
