#pragma warning disable
using Milter.Message;using Milter.Protocol;
namespace Milter;public sealed class Authentication(string? a,string b,string? c,string? d){}