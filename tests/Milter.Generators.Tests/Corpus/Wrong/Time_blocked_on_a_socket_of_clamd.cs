using System.Net.Sockets;
using System.Text;

[Milter]
partial class Filter
{
    [OnEom]
    Verdict End(MessageBody body)
    {
        if (!body.IsAvailable)
        {
            return Verdict.TempFail();
        }

        using var client = {|MILTER120:new TcpClient("127.0.0.1", 3310)|};
        using Stream stream = client.GetStream();
        {|MILTER120:stream.Write("zINSTREAM\0"u8)|};
        using Stream mail = body.OpenRead();
        {|MILTER120:mail.CopyTo(stream)|};
        using var reader = new StreamReader(stream, Encoding.ASCII);
        string? answer = {|MILTER120:reader.ReadLine()|};
        return answer?.EndsWith("FOUND", StringComparison.Ordinal) == true ? Verdict.Reject() : Verdict.Continue;
    }
}
