using System.Runtime.Versioning;

// Elsewhere the tests are skipped.
[assembly: SupportedOSPlatform("linux")]

// The machine's cores are for the filters.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
