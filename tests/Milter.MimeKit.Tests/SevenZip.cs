using SharpCompress.Common;
using SharpCompress.Writers.SevenZip;

namespace Milter.Mime.Tests;

/// <summary>Archives in the format of 7-Zip.</summary>
internal static class SevenZip
{
    public static byte[] Of(IEnumerable<(string Name, byte[] Content)> files, CompressionType compression = CompressionType.LZMA2)
    {
        var output = new MemoryStream();
        using (var writer = new SevenZipWriter(output, new SevenZipWriterOptions(compression) { LeaveStreamOpen = true }))
        {
            foreach ((string name, byte[] content) in files)
            {
                writer.Write(name, new MemoryStream(content), null);
            }
        }

        return output.ToArray();
    }
}
