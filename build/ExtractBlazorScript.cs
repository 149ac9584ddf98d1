#:property PublishAot=false
#:property TreatWarningsAsErrors=false
// Reads the embedded Blazor browser script out of the .NET 9 runtime pack and writes it beside the console's static files.
// Usage: dotnet run --file ExtractBlazorScript.cs -- <Microsoft.AspNetCore.Components.Endpoints.dll> <blazor.web.js>
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

const string ResourceName = "_framework/blazor.web.js";
if (args.Length != 2 || !File.Exists(args[0]))
{
    Console.Error.WriteLine($"The assembly that holds {ResourceName} was not found: {(args.Length > 0 ? args[0] : "no path given")}. Run 'dotnet restore' first.");
    return 1;
}

using var pe = new PEReader(File.OpenRead(args[0]));
var metadata = pe.GetMetadataReader();
foreach (var handle in metadata.ManifestResources)
{
    var resource = metadata.GetManifestResource(handle);
    if (metadata.GetString(resource.Name) != ResourceName)
        continue;
    var section = pe.GetSectionData(pe.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
    var reader = section.GetReader((int)resource.Offset, section.Length - (int)resource.Offset);
    var bytes = reader.ReadBytes(reader.ReadInt32());
    Directory.CreateDirectory(Path.GetDirectoryName(args[1])!);
    // Two builds may run side by side: the last rename wins, and both wrote the same bytes.
    var temporary = args[1] + "." + Environment.ProcessId;
    File.WriteAllBytes(temporary, bytes);
    File.Move(temporary, args[1], overwrite: true);
    return 0;
}

Console.Error.WriteLine($"{args[0]} does not hold {ResourceName}.");
return 1;
