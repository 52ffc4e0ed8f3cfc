using Milter;
using Milter.Samples.Probe;

// probe --listen SPEC [--leading-space]
string? listen = null;
bool leadingSpace = false;
bool understood = true;
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--leading-space":
            leadingSpace = true;
            break;
        case "--listen" when i + 1 < args.Length:
            listen = args[++i];
            break;
        default:
            understood = false;
            break;
    }
}

if (listen is null || !understood)
{
    Console.Error.WriteLine("usage: probe --listen SPEC [--leading-space]");
    return 2;
}

if (leadingSpace)
{
    await MilterServer.RunAsync<SpaceKeepingProbe>(listen);
}
else
{
    await MilterServer.RunAsync<PlainProbe>(listen);
}

return Environment.ExitCode;
