namespace Milter.Generators.Tests.Infrastructure;

/// <summary>What short samples take for granted.</summary>
internal static class Usings
{
    public const string Global = """
        global using System;
        global using System.Buffers;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Net;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Milter;
        global using Milter.Protocol;
        """;
}
