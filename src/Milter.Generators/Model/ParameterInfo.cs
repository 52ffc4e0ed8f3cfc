using System.Collections.Immutable;

namespace Milter.Generators.Model;

/// <summary>All that a handler may take: what it is in C#, where it exists, what it costs. A new kind of parameter is one more row here.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Stages">Where it can be taken.</param>
/// <param name="Type">The parameter's type as a full metadata name; <c>ReadOnlySpan`1</c> and its kin are always of <see cref="byte"/>; empty for any type.</param>
/// <param name="Member">The member of <c>StepContext</c> that gives it.</param>
internal sealed record ParameterInfo(ParameterKind Kind, Stages Stages, string Type, string Member)
{
    public const string String = "System.String";
    public const string Span = "System.ReadOnlySpan`1";
    public const string Memory = "System.ReadOnlyMemory`1";
    public const string Sequence = "System.Buffers.ReadOnlySequence`1";

    private const Stages Raw = Stages.Helo | Stages.Mail | StageGroups.Recipients | Stages.Header | Stages.Unknown;

    public const Stages AfterHeaders = Stages.Eoh | Stages.Eom;

    public static readonly ImmutableArray<ParameterInfo> All = ImmutableArray.Create(
        new ParameterInfo(ParameterKind.Connect, StageGroups.All, "Milter.ConnectInfo", "ConnectOrUnknown") { Optional = "Connect", Collects = CollectedFlags.Connect },
        new ParameterInfo(ParameterKind.Address, Stages.Mail | StageGroups.Recipients, "Milter.EnvelopeAddress", "Address"),
        new ParameterInfo(ParameterKind.HeaderField, Stages.Header, "Milter.HeaderField", "Header"),
        new ParameterInfo(ParameterKind.Text, Raw, String, "Text"),
        new ParameterInfo(ParameterKind.Bytes, Raw | Stages.Body, Span, "Bytes"),
        new ParameterInfo(ParameterKind.Memory, Stages.Helo | Stages.Unknown | Stages.Body, Memory, "Memory"),
        new ParameterInfo(ParameterKind.Sequence, Stages.Body, Sequence, "Sequence"),
        new ParameterInfo(ParameterKind.HeaderNameText, Stages.None, String, "HeaderNameText"),
        new ParameterInfo(ParameterKind.HeaderNameBytes, Stages.None, Span, "HeaderName"),
        new ParameterInfo(ParameterKind.Outcome, Stages.MessageEnd, "Milter.MessageOutcome", "Outcome"),
        new ParameterInfo(ParameterKind.NamedHeaderText, AfterHeaders, String, "CollectedHeaderText") { Marker = Marker.Header, Collects = CollectedFlags.NamedHeaders, Absent = true, Decoded = ParameterKind.NamedHeaderDecoded },
        new ParameterInfo(ParameterKind.NamedHeaderBytes, AfterHeaders, Span, "CollectedHeader") { Marker = Marker.Header, Collects = CollectedFlags.NamedHeaders },
        new ParameterInfo(ParameterKind.NamedHeaderValues, AfterHeaders, "Milter.HeaderValues", "CollectedHeaderValues") { Marker = Marker.Header, Collects = CollectedFlags.NamedHeaders, Decoded = ParameterKind.NamedHeaderValuesDecoded },
        new ParameterInfo(ParameterKind.NamedHeaderValuesDecoded, Stages.None, "Milter.HeaderValues", "CollectedHeaderValuesDecoded") { Marker = Marker.Header, Collects = CollectedFlags.NamedHeaders },
        new ParameterInfo(ParameterKind.NamedHeaderDecoded, Stages.None, String, "CollectedHeaderDecoded") { Marker = Marker.Header, Collects = CollectedFlags.NamedHeaders, Absent = true },
        new ParameterInfo(ParameterKind.Headers, AfterHeaders, "Milter.MessageHeaders", "Headers") { Collects = CollectedFlags.Headers },
        new ParameterInfo(ParameterKind.Body, Stages.Eom, "Milter.MessageBody", "Body") { Collects = CollectedFlags.Body },
        new ParameterInfo(ParameterKind.Envelope, StageGroups.InMessage, "Milter.MessageEnvelope", "Envelope") { Collects = CollectedFlags.Sender | CollectedFlags.Recipients },
        new ParameterInfo(ParameterKind.Bound, Stages.None, "", ""),
        new ParameterInfo(ParameterKind.HeaderEditor, Stages.Eom, "Milter.HeaderEditor", "HeaderEditor")
        {
            Optional = "HeaderEditorIfOffered",
            Collects = CollectedFlags.HeaderNames,
            Requires = ActionFlags.AddHeaders | ActionFlags.ChangeHeaders,
        },
        new ParameterInfo(ParameterKind.HeaderAdder, Stages.Eom, "Milter.HeaderAdder", "HeaderAdder") { Optional = "HeaderAdderIfOffered", Requires = ActionFlags.AddHeaders },
        new ParameterInfo(ParameterKind.EnvelopeEditor, Stages.Eom, "Milter.EnvelopeEditor", "EnvelopeEditor")
        {
            Optional = "EnvelopeEditorIfOffered",
            Collects = CollectedFlags.Recipients,
            Requires = ActionFlags.AddRecipients | ActionFlags.DeleteRecipients,
            Wants = ActionFlags.ChangeSender | ActionFlags.AddRecipientsWithArguments,
        },
        new ParameterInfo(ParameterKind.BodyEditor, Stages.Eom, "Milter.BodyEditor", "BodyEditor") { Optional = "BodyEditorIfOffered", Requires = ActionFlags.ChangeBody },
        new ParameterInfo(ParameterKind.Quarantine, Stages.Eom, "Milter.Quarantine", "Quarantine") { Optional = "QuarantineIfOffered", Requires = ActionFlags.Quarantine },
        new ParameterInfo(ParameterKind.Progress, Stages.Eom, "Milter.Progress", "Progress"),
        new ParameterInfo(ParameterKind.MessageActions, Stages.Eom, "Milter.MessageActions", "MessageActions") { Wants = ActionGroups.Edits },
        new ParameterInfo(ParameterKind.HeloText, StageGroups.All & ~Stages.Connect, String, "HeloText") { Marker = Marker.Helo, Collects = CollectedFlags.Helo, Absent = true },
        new ParameterInfo(ParameterKind.HeloBytes, StageGroups.All & ~Stages.Connect, Span, "Helo") { Marker = Marker.Helo, Collects = CollectedFlags.Helo },
        new ParameterInfo(ParameterKind.ClientAddress, StageGroups.All, "System.Net.IPAddress", "ClientAddress") { Marker = Marker.ClientAddress, Collects = CollectedFlags.Connect, OnlyNullable = true },
        new ParameterInfo(ParameterKind.Authentication, StageGroups.All, "Milter.Authentication", "Authentication") { OnlyNullable = true },
        new ParameterInfo(ParameterKind.Tls, StageGroups.All, "Milter.TlsInfo", "Tls") { OnlyNullable = true },
        new ParameterInfo(ParameterKind.MacroText, StageGroups.All, String, "MacroText") { Marker = Marker.Macro, Absent = true },
        new ParameterInfo(ParameterKind.MacroBytes, StageGroups.All, Span, "Macro") { Marker = Marker.Macro },
        new ParameterInfo(ParameterKind.Context, StageGroups.All, "Milter.MilterContext", "Context"),
        new ParameterInfo(ParameterKind.Cancellation, StageGroups.All, "System.Threading.CancellationToken", "Cancellation"),
        new ParameterInfo(ParameterKind.Service, StageGroups.All, "", "Service") { Optional = "ServiceOrNull", Marker = Marker.FromServices });

    /// <summary>Gets the attribute that asks for it, or none where the type alone does.</summary>
    public Marker Marker { get; init; }

    /// <summary>Gets the member that gives it, or <see langword="null"/> where it is not there, if that is another one.</summary>
    public string? Optional { get; init; }

    /// <summary>Gets a value indicating whether <see cref="Member"/> may give <see langword="null"/>, for which a parameter without <c>?</c> gets the empty text.</summary>
    public bool Absent { get; init; }

    /// <summary>Gets a value indicating whether it may be missing and has no empty value, so that only <c>?</c> can say it.</summary>
    public bool OnlyNullable { get; init; }

    /// <summary>Gets what it is with <c>Decoded = true</c>, where that can be said.</summary>
    public ParameterKind? Decoded { get; init; }

    /// <summary>Gets what has to be kept for it, from its step on.</summary>
    public CollectedFlags Collects { get; init; }

    /// <summary>Gets the actions that it can't do without.</summary>
    public ActionFlags Requires { get; init; }

    /// <summary>Gets the actions that it would like to have.</summary>
    public ActionFlags Wants { get; init; }

    /// <summary>Gets all actions that it can use.</summary>
    public ActionFlags Actions => Requires | Wants;

    /// <summary>Gets a value indicating whether it changes the message: actions have to be negotiated for it.</summary>
    public bool IsCapability => Actions != ActionFlags.None;

    /// <summary>Gets a value indicating whether it is a view that can't outlive the call, which an asynchronous handler would.</summary>
    public bool IsRefStruct => Type == Span || Kind == ParameterKind.HeaderField;

    public static ParameterInfo Of(ParameterKind kind) => All.First(info => info.Kind == kind);

    /// <summary>Says how its type is written in a handler's parameter list.</summary>
    public string ShownType()
    {
        string type = Type switch
        {
            "" => "T",
            String => "string",
            Span or Memory or Sequence => Type.Substring(Type.LastIndexOf('.') + 1).Replace("`1", "<byte>"),
            _ => Type.Substring(Type.LastIndexOf('.') + 1),
        };
        return type + (Absent || OnlyNullable ? "?" : "");
    }

    /// <summary>Says how its marker is written.</summary>
    public string ShownMarker() => Marker switch
    {
        Marker.None => "",
        Marker.Header => "[Header(\"…\")] ",
        Marker.Macro => "[Macro(\"…\")] ",
        _ => $"[{Marker}] ",
    };

    /// <summary>Says how it is written in a handler's parameter list.</summary>
    public string Shown() => ShownMarker() + ShownType();

    /// <summary>Lists what a stage can give, for the message about what it can't.</summary>
    public static string ShownAt(Stages stage, IEnumerable<string> bound) =>
        string.Join(", ", All.Where(info => (info.Stages & stage) != 0).Select(info => info.Shown()).Concat(bound));
}
