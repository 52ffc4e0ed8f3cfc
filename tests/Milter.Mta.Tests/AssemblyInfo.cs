using System.Runtime.Versioning;

// Elsewhere the tests are skipped.
[assembly: SupportedOSPlatform("linux")]

// More than there are processors: much of what these tests do is to wait for a server.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
