using Exalate.Console.Commands;

return await CommandLine.RunAsync(args);
