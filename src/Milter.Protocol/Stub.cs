#pragma warning disable
namespace Milter.Protocol;
/// <summary>x</summary>
public readonly record struct SymbolList(MacroStage Stage, string Names);
/// <summary>x</summary>
public static class WireText { /// <summary>x</summary>
 public static string GetString(ReadOnlySpan<byte> b) => ""; }
/// <summary>x</summary>
public static class ReplyText { /// <summary>x</summary>
 public static byte[] Encode(int code, string? enhanced, params ReadOnlySpan<string> lines) => []; }
