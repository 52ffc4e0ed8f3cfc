#pragma warning disable
using Milter.Message;using Milter.Protocol;
namespace Milter;public sealed class TlsInfo(string a,string? b,string? c,string? d,string? e){}