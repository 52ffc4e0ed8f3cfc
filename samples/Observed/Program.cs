using Milter;
using Samples.Observed;

await MilterHost.RunAsync(() => Setup.Build(args));
return Environment.ExitCode;
