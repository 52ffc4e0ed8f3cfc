#pragma warning disable
using Milter.Message;using Milter.Protocol;
namespace Milter;public sealed class MessageHeaders{public void Add(ReadOnlySpan<byte> n,ReadOnlySpan<byte> v,bool namesOnly){} public void Reset(){}}