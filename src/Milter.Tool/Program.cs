using Milter.Tool;

return await ToolProgram.RunAsync(args, Terminal.OfProcess());
