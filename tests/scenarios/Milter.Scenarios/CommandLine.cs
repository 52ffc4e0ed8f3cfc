namespace Milter.Scenarios;

/// <summary>What the driver has written: names with a value, and names alone.</summary>
internal sealed class CommandLine(string[] args)
{
    public bool Has(string name) => args.Contains(name);

    public string Value(string name) => All(name).SingleOrDefault() ?? throw new ArgumentException($"{name} is missing.");

    public IEnumerable<string> All(string name)
    {
        for (int i = 0; i + 1 < args.Length; i++)
        {
            if (args[i] == name)
            {
                yield return args[i + 1];
            }
        }
    }
}
