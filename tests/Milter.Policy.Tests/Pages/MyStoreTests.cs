using Milter.Policy;
using Milter.Policy.Testing;

public static class MyStoreTests
{
    public static IEnumerable<string> Rules => PolicyStoreContract.Rules.Select(rule => rule.Name);

    public static Task My_store_keeps_the_contract(string rule) =>
        PolicyStoreContract.RunAsync(rule, clock => new MemoryPolicyStore(clock));
}
