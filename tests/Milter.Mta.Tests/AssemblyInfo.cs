using System.Runtime.Versioning;

// Elsewhere the tests are skipped.
[assembly: SupportedOSPlatform("linux")]
