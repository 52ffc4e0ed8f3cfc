#pragma warning disable
using Milter.Message;using Milter.Protocol;
namespace Milter.Message{
public sealed record BodyLimits(int M,long C,string? F){ public static BodyLimits Default=new(0,0,null);}
public interface IProgressSink{ void Send(ReadOnlySpan<byte> f);}
public readonly record struct EditReport(bool QuarantineLeftOut,int Dropped);
}
