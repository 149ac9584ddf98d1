using System.CommandLine;
using Exalate.Sandbox;

return await SandboxCommand.Create().Parse(args).InvokeAsync();
