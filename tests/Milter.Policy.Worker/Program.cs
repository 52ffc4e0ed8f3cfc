using Milter.Policy.Worker;

return args switch
{
    ["first", var store, var list, var count] => await Attempts.FirstAsync(store, list, int.Parse(count)),
    ["load", var store, var sender, var count] => await Attempts.LoadAsync(store, sender, int.Parse(count)),
    ["confirm", var store, var list] => await Attempts.ConfirmAsync(store, list),
    ["contract", .. var stores] => await Contract.RunAsync(stores),
    ["bench-sqlite", var file, var count, var triplets] => await Bench.SqliteAsync(file, int.Parse(count), int.Parse(triplets)),
    ["bench-memory"] => await Bench.MemoryAsync(),
    ["bench-networks"] => Bench.Networks(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("policy-worker first STORE LIST COUNT | confirm STORE LIST | load STORE SENDER COUNT | contract STORE... | bench-sqlite FILE COUNT TRIPLETS | bench-memory | bench-networks");
    return 64;
}
