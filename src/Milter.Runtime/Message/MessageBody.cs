#pragma warning disable
using Milter.Message;using Milter.Protocol;
namespace Milter;public enum MessageBodyState{OverCap} public sealed class MessageBody{internal MessageBody(BodyLimits l){} public MessageBodyState State; public void Append(ReadOnlySpan<byte> n){} public void Complete(){} public void CutBySkip(){} public void Reset(){} public void Dispose(){}}