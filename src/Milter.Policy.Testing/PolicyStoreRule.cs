namespace Milter.Policy.Testing;

/// <summary>A rule of the contract.</summary>
public sealed class PolicyStoreRule
{
    internal PolicyStoreRule(string name, Func<ContractRun, Task> run)
    {
        Name = name;
        Run = run;
    }

    /// <summary>Gets what the rule says.</summary>
    public string Name { get; }

    internal Func<ContractRun, Task> Run { get; }

    /// <summary>Gives the name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
