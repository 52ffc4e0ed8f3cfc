#pragma warning disable
using Milter.Message;using Milter.Protocol;
namespace Milter;public sealed class EnvelopeAddress{public void Set(ReadOnlySpan<byte> p){}}