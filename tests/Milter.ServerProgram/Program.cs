using Microsoft.Extensions.DependencyInjection;
using Milter;

// Nothing can be listened on there: who tries fails.
const string Nowhere = "unix:/nonexistent/milter.sock";

await using ServiceProvider services = new ServiceCollection().AddSingleton(new Greeting("from a service")).BuildServiceProvider();
await Task.WhenAll(
    MilterServer.RunAsync<ServedByServices>(Nowhere, services),
    MilterServer.RunAsync(Nowhere, () => new ServedByFunction(new Greeting("from a function"))),
    MilterServer.StartAsync(Nowhere, () => new ServedByStart(new Greeting("from a start"))));

internal sealed record Greeting(string Text);

[Milter]
internal sealed partial class ServedByServices(Greeting greeting)
{
    [OnEom]
    private void End(HeaderAdder headers) => headers.Add("X-Greeting", greeting.Text);
}

[Milter]
internal sealed partial class ServedByFunction(Greeting greeting)
{
    [OnEom]
    private void End(HeaderAdder headers) => headers.Add("X-Greeting", greeting.Text);
}

[Milter]
internal sealed partial class ServedByStart(Greeting greeting)
{
    [OnEom]
    private void End(HeaderAdder headers) => headers.Add("X-Greeting", greeting.Text);
}

[Milter]
internal sealed partial class NotServed(Greeting greeting)
{
    [OnEom]
    private void End(HeaderAdder headers) => headers.Add("X-Greeting", greeting.Text);
}
