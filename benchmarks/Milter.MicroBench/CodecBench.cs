using System.Text;
using BenchmarkDotNet.Attributes;
using Milter.Protocol;

namespace Milter.MicroBench;

/// <summary>The parts of the protocol that each message goes through many times.</summary>
public class CodecBench
{
    private readonly FrameBuffer _output = new();
    private byte[] _frames = [];
    private byte[] _header = [];
    private byte[] _value = [];

    /// <summary>The frames of a small message, a header's payload, the value that a filter adds.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        using var frames = new FrameBuffer();
        SmallMessage.Write(frames, 0);
        _frames = frames.WrittenSpan.ToArray();
        _header = Encoding.ASCII.GetBytes("Subject\0Minutes of the meeting on Thursday\0");
        _value = Encoding.ASCII.GetBytes("h=12 b=2048 s=34");
    }

    /// <summary>Cuts all frames of a small message.</summary>
    [Benchmark]
    public int CutFrames()
    {
        ReadOnlySpan<byte> rest = _frames;
        int count = 0;
        while (FrameReader.TryRead(rest, MilterLimits.MaxPayload, out _, out int length) == FrameStatus.Complete)
        {
            rest = rest[length..];
            count++;
        }

        return count;
    }

    /// <summary>Reads the payload of one HEADER.</summary>
    [Benchmark]
    public int ReadHeader() => HeaderPayload.TryRead(_header, out HeaderPayload header, out _) ? header.Name.Length + header.Value.Length : 0;

    /// <summary>Writes the reply that steps get most.</summary>
    [Benchmark]
    public int WriteContinue()
    {
        _output.Clear();
        ReplyWriter.Write(_output, MilterReply.Continue);
        return _output.Length;
    }

    /// <summary>Writes an added header field and the verdict behind it.</summary>
    [Benchmark]
    public int WriteAddHeader()
    {
        _output.Clear();
        ReplyWriter.AddHeader(_output, "X-Checked"u8, _value);
        ReplyWriter.Write(_output, MilterReply.Continue);
        return _output.Length;
    }
}
