[Milter]
partial class Filter
{
    [OnMail] Verdict Mail(EnvelopeAddress from) => from.Domain is null
        ? {|MILTER088:Verdict.Reject(code: 553, enhanced: "5.1.8", text: "Who are you?")|}
        : Verdict.Continue;
}
