using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Milter.Generators.Diagnostics;

/// <summary>Every rule. An id is never used again; ranges: 001 the class, 020 handlers, 040 parameters, 070 state, 080 and on what the analyzers find.</summary>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor NotPartial = Error(
        "MILTER001",
        "A [Milter] class and the types around it must be partial",
        "'{0}' is not partial, so the dispatch code of '{1}' can't be added to it");

    public static readonly DiagnosticDescriptor UnsupportedClass = Error(
        "MILTER002",
        "This kind of class can't be a [Milter]",
        "'{0}' can't be a [Milter]: it is {1}");

    public static readonly DiagnosticDescriptor DerivesFromMilter = Error(
        "MILTER003",
        "A [Milter] can't derive from a [Milter]",
        "'{0}' derives from '{1}', which is a [Milter] itself; move what they share to a base class without [Milter]");

    public static readonly DiagnosticDescriptor SeveralConstructors = Error(
        "MILTER004",
        "A [Milter] has one constructor",
        "'{0}' has {1} constructors that are public or internal; leave one, so that it is clear which one makes the instance");

    public static readonly DiagnosticDescriptor ConstructorParameter = Error(
        "MILTER005",
        "A constructor parameter can't come from the services",
        "The parameter '{0}' can't be taken from the service provider: {1}");

    public static readonly DiagnosticDescriptor RequiredMembers = Error(
        "MILTER006",
        "A [Milter] has no required members",
        "'{0}' is required, but nobody sets it when generated code makes a '{1}'; take it as a constructor parameter");

    public static readonly DiagnosticDescriptor NoHandlers = Warning(
        "MILTER007",
        "A [Milter] without a handler lets all mail pass",
        "'{0}' has no handler, so that nothing is sent to it and all mail passes; mark a method with the stage at which it runs, such as [OnEom]");

    public static readonly DiagnosticDescriptor LanguageVersion = Error(
        "MILTER008",
        "Generated code needs C# 11",
        "'{0}' is compiled as C# {1}; what is generated for it needs C# 11 or later: raise or remove LangVersion in the project");

    public static readonly DiagnosticDescriptor AliasedReference = Error(
        "MILTER010",
        "Generated code can't name a reference that has only aliases",
        "The reference to '{0}' has the alias '{1}' only, so code that is generated for '{2}' can't name its types; add global to it: Aliases=\"global,{1}\"");

    public static readonly DiagnosticDescriptor HandlerForm = Error(
        "MILTER020",
        "A handler is an ordinary method",
        "'{0}' can't be a handler: it is {1}");

    public static readonly DiagnosticDescriptor HandlerReturn = Error(
        "MILTER021",
        "A handler returns nothing or a verdict",
        "'{0}' returns '{1}'; a handler returns void, Task or ValueTask (no reply), or Verdict, Task<Verdict> or ValueTask<Verdict>");

    public static readonly DiagnosticDescriptor NoVerdictHere = Error(
        "MILTER022",
        "No verdict can be given at this stage",
        "'{0}' returns a verdict, but nothing waits for one at [{1}]; return void, Task or ValueTask");

    public static readonly DiagnosticDescriptor InaccessibleHandler = Error(
        "MILTER023",
        "An inherited handler must be accessible",
        "'{0}' can't be called from '{1}'; make it protected");

    public static readonly DiagnosticDescriptor NeedOrder = Error(
        "MILTER024",
        "Two handlers of one stage need an Order",
        "'{0}' and '{1}' both handle [{2}], and nothing says which runs first; give them an Order");

    public static readonly DiagnosticDescriptor NeverRuns = Warning(
        "MILTER025",
        "This handler never runs",
        "'{0}' never runs: {1}");

    public static readonly DiagnosticDescriptor HiddenHandler = Error(
        "MILTER026",
        "An inherited handler must not be hidden",
        "'{0}' can't be called from '{1}': '{2}' hides it; rename one of them");

    public static readonly DiagnosticDescriptor AsyncVoid = Error(
        "MILTER027",
        "A handler can't be async void",
        "'{0}' is async void, so nobody can wait for it or see its exception; return Task or ValueTask");

    public static readonly DiagnosticDescriptor OutrankedHandler = Error(
        "MILTER028",
        "A handler must win against its overloads",
        "A call of '{0}' would go to '{1}', which has a higher OverloadResolutionPriority; give the handler one as high, or rename one of them");

    public static readonly DiagnosticDescriptor ForgottenStage = Warning(
        "MILTER029",
        "A method takes what only a handler gets, and has no stage",
        "'{0}' takes '{1}' as handlers do, but nothing calls it and no attribute says at which stage it runs");

    public static readonly DiagnosticDescriptor NotGiven = Error(
        "MILTER040",
        "The stage can't give this parameter",
        "[{1}] can't give '{0}'{3}. It can give: {2}");

    public static readonly DiagnosticDescriptor ByReference = Error(
        "MILTER041",
        "A handler takes its parameters by value",
        "'{0}' is passed by reference ({1}); a handler takes its parameters by value");

    public static readonly DiagnosticDescriptor ViewInAsync = Error(
        "MILTER042",
        "An async handler can't take a view",
        "'{0}' is a view that ends when the method first waits, and '{1}' is async; take it as {2}, or copy what is needed and hand it to an async method");

    public static readonly DiagnosticDescriptor MarkerType = Error(
        "MILTER043",
        "The attribute does not fit the parameter's type",
        "[{0}] can't be of type '{1}'; it is {2}");

    public static readonly DiagnosticDescriptor InvalidName = Error(
        "MILTER044",
        "Not the name of a header field or macro",
        "\"{0}\" can't be the name of a {1}: {2}");

    public static readonly DiagnosticDescriptor SeveralMarkers = Error(
        "MILTER045",
        "A parameter is one thing",
        "'{0}' has both [{1}] and [{2}]; it can be filled from one of them");

    public static readonly DiagnosticDescriptor TakenTwice = Error(
        "MILTER046",
        "The step's text is taken twice",
        "'{0}' can't be told apart from '{1}': {2}");

    public static readonly DiagnosticDescriptor MayBeMissing = Error(
        "MILTER047",
        "What may be missing is written with a question mark",
        "'{0}' may be missing and has no empty value; take it as '{1}?'");

    public static readonly DiagnosticDescriptor ActionsBesideEditor = Error(
        "MILTER048",
        "MessageActions can't be used beside an editor",
        "'{0}' sends each action at once, '{1}' of the same class collects them, so their order would be a matter of chance; use one or the other");

    public static readonly DiagnosticDescriptor NeedsWithoutCapability = Error(
        "MILTER049",
        "[Needs] belongs on a capability",
        "'{0}' changes nothing in a message, so [Needs] says nothing about it");

    public static readonly DiagnosticDescriptor NeedsMismatch = Error(
        "MILTER052",
        "[Needs] does not fit its capability",
        "[Needs] of '{0}' {1}; '{2}' can use {3}");

    public static readonly DiagnosticDescriptor NotResettable = Error(
        "MILTER070",
        "A [PerMessage] member can't be reset",
        "'{0}' can't be reset between messages: {1}");

    public static readonly DiagnosticDescriptor NeverReset = Warning(
        "MILTER071",
        "A [PerMessage] member is never reset",
        "'{0}' is never reset: '{1}' is not a [Milter], and no [Milter] derives from it; keep it in the [Milter] itself, or give '{1}' a Clear() or IResettable and mark the member that holds it");

    public static readonly ImmutableArray<DiagnosticDescriptor> Parser = ImmutableArray.Create(
        NotPartial,
        UnsupportedClass,
        DerivesFromMilter,
        SeveralConstructors,
        ConstructorParameter,
        RequiredMembers,
        LanguageVersion,
        AliasedReference,
        HandlerForm,
        HandlerReturn,
        NoVerdictHere,
        InaccessibleHandler,
        NeedOrder,
        HiddenHandler,
        AsyncVoid,
        OutrankedHandler,
        NotGiven,
        ByReference,
        ViewInAsync,
        MarkerType,
        InvalidName,
        SeveralMarkers,
        TakenTwice,
        MayBeMissing,
        ActionsBesideEditor,
        NeedsWithoutCapability,
        NeedsMismatch,
        NotResettable);

    /// <summary>What a rule is about, so that a project can set each kind by itself: mail, waiting and memory, or how it is written.</summary>
    private static string CategoryOf(string id) => id switch
    {
        "MILTER088" or "MILTER120" or "MILTER130" or "MILTER131" => "AttrMilter.Cost",
        "MILTER103" or "MILTER105" => "AttrMilter.Style",
        _ => "AttrMilter.Correctness",
    };

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, CategoryOf(id), DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help(id));

    private static string Help(string id) => $"https://github.com/attrmilter/attrmilter/blob/main/docs/diagnostics/{id}.md";
}
