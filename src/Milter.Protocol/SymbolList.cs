namespace Milter.Protocol;

/// <summary>The macros a filter asks for at one stage, for <see cref="ReplyWriter.OptNeg"/> (<c>smfi_setsymlist</c>).</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Names">
/// Macro names with single spaces between them, long ones in braces: <c>i {mail_addr}</c>. Empty turns the stage off at
/// Sendmail and means the defaults at Postfix.
/// </param>
public readonly record struct SymbolList(MacroStage Stage, string Names);
