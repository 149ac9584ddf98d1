using Exalate.Console.Hosting;

var app = NodeHost.Build(new NodeHostOptions { Arguments = args });
await app.RunAsync();
return 0;

