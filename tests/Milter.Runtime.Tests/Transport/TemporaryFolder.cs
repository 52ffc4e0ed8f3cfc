namespace Milter.Runtime.Tests.Transport;

internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("milter");

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
