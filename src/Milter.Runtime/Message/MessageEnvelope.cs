#pragma warning disable
using Milter.Message;using Milter.Protocol;
namespace Milter;public sealed class MessageEnvelope{public EnvelopeAddress Sender=>new(); public void SetSender(ReadOnlySpan<byte> p){} public void AddRecipient(ReadOnlySpan<byte> p){} public void Reset(){}}