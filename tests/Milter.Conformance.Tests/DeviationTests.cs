namespace Milter.Conformance.Tests;
/// <summary>x</summary>
public class DeviationTests { }
