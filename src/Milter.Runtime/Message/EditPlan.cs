#pragma warning disable
namespace Milter.Message;

/// <summary>The edits of one message.</summary>
internal sealed class EditPlan
{
    public HeaderEditor HeaderEditor { get; } = new();

    public HeaderAdder HeaderAdder { get; } = new();

    public EnvelopeEditor EnvelopeEditor { get; } = new();

    public BodyEditor BodyEditor { get; } = new();

    public Quarantine Quarantine { get; } = new();

    public Progress Progress { get; } = new();

    public MessageActions MessageActions { get; } = new();
 public void Begin(Milter.Protocol.MilterActions a,bool l,MessageHeaders h,MessageEnvelope e,IProgressSink s){} public EditReport WriteTo(Milter.Protocol.FrameBuffer b,Verdict v)=>default; public void Revoke(){} public void Reset(){} public void Dispose(){}
}
