using System.Runtime.Versioning;

// Mail servers and systemd are there.
[assembly: SupportedOSPlatform("linux")]
