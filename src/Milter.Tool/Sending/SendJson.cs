using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Milter.Client;
using Milter.Protocol;

namespace Milter.Tool;

/// <summary>The same for programs: an object a message.</summary>
internal static class SendJson
{
    private static readonly JsonSerializerOptions s_line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions s_pretty = new(s_line) { WriteIndented = true };

    public static string Line(JsonObject value) => value.ToJsonString(s_line);

    public static string Pretty(JsonNode value) => value.ToJsonString(s_pretty);

    public static JsonArray Array(IEnumerable<string> items) => new([.. items.Select(item => (JsonNode?)Shown.Plain(item))]);

    public static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    public static JsonObject Of(PlayedMessage played)
    {
        MilterOutcome outcome = played.Outcome;
        return new JsonObject
        {
            ["message"] = played.Name,
            ["mta"] = played.Mta.Name,
            ["verdict"] = WireNames.Of(outcome.Verdict),
            ["decidedAt"] = WireNames.Of(outcome.DecidedAt),
            ["reply"] = outcome.Reply?.ToString(),
            ["smtpReply"] = outcome.SmtpReply.ToString(),
            ["delivered"] = outcome.IsDelivered,
            ["quarantine"] = outcome.QuarantineReason,
            ["waits"] = outcome.Waits,
            ["milliseconds"] = Milliseconds(played.Waited),
            ["negotiated"] = Of(played.Agreement),
            ["steps"] = new JsonArray([.. outcome.Steps.Zip(played.Times, Of)]),
            ["modifications"] = new JsonArray([.. outcome.Modifications.Select(Of)]),
            ["refusedRecipients"] = new JsonArray([.. outcome.RefusedRecipients.Select(refused => (JsonNode)new JsonObject { ["recipient"] = refused.Path.ToString(), ["reply"] = refused.Reply.ToString() })]),
            ["complaints"] = Array(outcome.Complaints),
            ["difference"] = Array(SendReport.Difference(outcome)),
        };
    }

    public static JsonObject Of(MilterAgreement agreement) => new()
    {
        ["version"] = agreement.Version,
        ["actions"] = Array(WireNames.Of(agreement.Actions)),
        ["notSent"] = Array(WireNames.NotSent(agreement.Steps)),
        ["noReply"] = Array(WireNames.NoReply(agreement.Steps)),
        ["besides"] = Array(WireNames.Extras(agreement.Steps)),
        ["macros"] = new JsonObject(agreement.Macros.Select(list => KeyValuePair.Create(WireNames.Of(list.Key), (JsonNode?)Shown.Plain(list.Value)))),
    };

    private static JsonNode Of(StepReply step, TimeSpan? time) => new JsonObject
    {
        ["step"] = WireNames.Of(step.Step),
        ["detail"] = Shown.Plain(step.Detail),
        ["treatment"] = step.Treatment switch { StepTreatment.Replied => "replied", StepTreatment.NoReply => "no reply", StepTreatment.NotWanted => "not sent", _ => "not asked" },
        ["verdict"] = step.Treatment == StepTreatment.Replied ? WireNames.Of(step.Verdict) : null,
        ["reply"] = step.Reply?.ToString(),
        ["milliseconds"] = time is { } some ? Milliseconds(some) : null,
    };

    private static JsonNode Of(MilterModification modification) => new JsonObject
    {
        ["action"] = WireNames.Of(modification.Action),
        ["text"] = Shown.Plain(modification.ToString()),
    };
}
