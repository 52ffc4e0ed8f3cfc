#pragma warning disable
using Milter.Message;using Milter.Protocol;
namespace Milter.Message;internal sealed class NamedHeaders{public NamedHeaders(IReadOnlyList<string> x){} public void Offer(ReadOnlySpan<byte> n,ReadOnlySpan<byte> v){} public void Reset(){} public ReadOnlySpan<byte> Value(int i)=>default; public string? Text(int s)=>null; public string? Decoded(int s)=>null;}