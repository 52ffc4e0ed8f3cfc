namespace Milter.Generators.Infrastructure;

/// <summary>Every name of the runtime that the generator knows. A test resolves all of them.</summary>
internal static class RuntimeNames
{
    public const int ContractVersion = 3;

    public const int CatalogVersion = 1;

    /// <summary>The assembly that has it all: only assemblies that reference it can have binders.</summary>
    public const string RuntimeAssembly = "Milter.Runtime";

    public const string Api = "Milter";
    public const string Contract = "Milter.CompilerServices";
    public const string Wire = "Milter.Protocol";

    public const string MilterAttribute = "Milter.MilterAttribute";
    public const string PreserveHeaderSpace = "PreserveHeaderSpace";
    public const string PerMessageAttribute = "Milter.PerMessageAttribute";
    public const string PerSessionAttribute = "Milter.PerSessionAttribute";
    public const string NeedsAttribute = "Milter.NeedsAttribute";
    public const string BinderAttribute = "Milter.MessageBinderAttribute`2";
    public const string Binder = "Milter.IMessageBinder`2";
    public const string StageAttribute = "Milter.StageAttribute";
    public const string Order = "Order";
    public const string Decoded = "Decoded";
    public const string Resettable = "Milter.IResettable";
    public const string Verdict = "Milter.Verdict";
    public const string VerdictKind = "Milter.VerdictKind";
    public const string Stages = "Milter.MilterStages";
    public const string Collected = "Milter.CollectedData";
    public const string Descriptor = "Milter.MilterDescriptor";
    public const string Handler = "Milter.MilterHandler";
    public const string Cause = "Milter.NegotiationCause";
    public const string Service = "Milter.MilterService";

    public const string MacroAttribute = "Milter.MacroAttribute";
    public const string HeaderAttribute = "Milter.HeaderAttribute";
    public const string OnHeader = "Milter.OnHeaderAttribute";
    public const string HeaderEditor = "Milter.HeaderEditor";
    public const string HeaderAdder = "Milter.HeaderAdder";
    public const string MessageActions = "Milter.MessageActions";
    public const string Context = "Milter.MilterContext";
    public const string Server = "Milter.MilterServer";
    public const string ServiceExtensions = "Microsoft.Extensions.DependencyInjection.MilterServiceCollectionExtensions";

    public const string Milter = "Milter.CompilerServices.IMilter`1";
    public const string Dispatcher = "Milter.CompilerServices.IMilterDispatcher";
    public const string Catalog = "Milter.CompilerServices.MilterCatalogAttribute";
    public const string Reset = "Milter.CompilerServices.MessageReset";
    public const string Step = "Milter.CompilerServices.StepContext";

    public const string Steps = "Milter.Protocol.ProtocolSteps";
    public const string Actions = "Milter.Protocol.MilterActions";
    public const string MacroStage = "Milter.Protocol.MacroStage";
    public const string SymbolList = "Milter.Protocol.SymbolList";
}
