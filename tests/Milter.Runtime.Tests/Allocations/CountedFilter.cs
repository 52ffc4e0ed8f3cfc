using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Milter.Runtime.Tests.Transport;

namespace Milter.Runtime.Tests.Allocations;

/// <summary>The benchmark's filter in a process of its own, which tells how many bytes it has allocated. It ends with its standard input, also when this process dies.</summary>
internal sealed class CountedFilter : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    public CountedFilter(string workload, MilterTransport transport)
    {
        string path = $"{_folder.Path}/s";
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Milter.BenchFilter.dll"), "--listen", $"unix:{path}", "--workload", workload, "--transport", transport.ToString().ToLowerInvariant(), "--count"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,

            // The first call runs the same code as the last, and the compiler is done when it is.
            Environment = { ["DOTNET_TieredCompilation"] = "0" },
        };
        _process = Process.Start(start)!;
        EndPoint = new UnixDomainSocketEndPoint(path);

        // The first answer comes when it listens.
        _ = Allocated();
    }

    public UnixDomainSocketEndPoint EndPoint { get; }

    /// <summary>Asks for the bytes that the process has allocated up to now. The question costs it nothing.</summary>
    public long Allocated()
    {
        _process.StandardInput.BaseStream.WriteByte(0);
        _process.StandardInput.BaseStream.Flush();
        Span<byte> answer = stackalloc byte[sizeof(long)];
        _process.StandardOutput.BaseStream.ReadExactly(answer);
        return BinaryPrimitives.ReadInt64LittleEndian(answer);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }
}
