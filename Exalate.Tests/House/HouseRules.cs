using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Exalate.Core;
using MediatR;

namespace Exalate.Tests.House;

/// <summary>What every room of the house keeps to, checked on the built assemblies and on the sources.</summary>
public sealed partial class HouseRules
{
    private static readonly Assembly Core = typeof(ExalateCore).Assembly;
    private static readonly Assembly Console = Assembly.Load("Exalate.Console");
    private static readonly Assembly Sandbox = Assembly.Load("Exalate.Sandbox");

    public static TheoryData<string> Assemblies => [Core.GetName().Name!, Console.GetName().Name!, Sandbox.GetName().Name!];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void NoMethod_IsAsyncVoid(string assembly)
    {
        var offenders = Assembly.Load(assembly).GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.ReturnType == typeof(void) && method.GetCustomAttribute<AsyncStateMachineAttribute>() is not null)
            .Select(method => $"{method.DeclaringType}.{method.Name}");
        Assert.Empty(offenders);
    }

    [Theory]
    [InlineData("Exalate.Core")]
    [InlineData("Exalate.Console")]
    public void NoMethod_ReadsTheClockOrDrawsRandomnessByItself(string assembly)
    {
        string[] banned = ["System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid", "System.Random.get_Shared"];
        var used = ReferencedMembers(Assembly.Load(assembly));
        // SystemRandomSource is the one door; nothing else may need these, so the core may name two of them and the console none.
        var expected = assembly == "Exalate.Core" ? new[] { "System.Guid.NewGuid", "System.Random.get_Shared" } : [];
        Assert.Equal(expected, used.Intersect(banned).Order());
    }

    [Fact]
    public void Core_KnowsNoAspNetAndNoComponents()
    {
        var forbidden = Core.GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name.StartsWith("Radzen", StringComparison.Ordinal));
        Assert.Empty(forbidden);
    }

    [Fact]
    public void Core_DoesNotKnowTheSandbox_AndTheSandboxKnowsNeither()
    {
        Assert.DoesNotContain(Core.GetReferencedAssemblies(), name => name.Name == "Exalate.Sandbox");
        Assert.DoesNotContain(Sandbox.GetReferencedAssemblies(), name => name.Name is "Exalate.Core" or "Exalate.Console");
    }

    [Fact]
    public void Sandbox_IsUsedFromTheDemoAlone()
    {
        var offenders = Sources("Exalate.Console")
            .Where(file => !file.Contains("/Demo/", StringComparison.Ordinal) && File.ReadAllText(file).Contains("Exalate.Sandbox", StringComparison.Ordinal));
        Assert.Empty(offenders);
    }

    [Fact]
    public void Components_OnlyDispatchMessages()
    {
        string[] forbidden = ["DbContext", "ITracker ", "IPeerClient", "HttpClient"];
        var offenders = Sources("Exalate.Console/Features").Concat(Sources("Exalate.Console/Layout")).Concat(Sources("Exalate.Console/Shared"))
            .SelectMany(file => forbidden.Where(word => File.ReadAllText(file).Contains(word, StringComparison.Ordinal)).Select(word => $"{file}: {word}"));
        Assert.Empty(offenders);
    }

    [Fact]
    public void PureRooms_NeverTouchTheDatabaseOrTheNetwork()
    {
        var offenders = new[] { "Rules", "Replicas", "RichText" }.SelectMany(room => Sources($"Exalate.Core/{room}"))
            .Where(file => StorageOrNetwork().IsMatch(File.ReadAllText(file)));
        Assert.Empty(offenders);
    }

    [Fact]
    public void NoSource_ConfiguresAwaits_StartsLooseTasks_OrSwallowsEverything()
    {
        var offenders = Sources("Exalate.Core").Concat(Sources("Exalate.Console"))
            .Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal))
            .SelectMany(file => LooseEnds().Matches(File.ReadAllText(file)).Select(match => $"{file}: {match.Value.Trim()}"));
        Assert.Empty(offenders);
    }

    [Fact]
    public void EveryMessage_HasExactlyOneHandler()
    {
        var messages = Core.GetTypes().Where(type => !type.IsAbstract && type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IRequest<>)));
        var handled = Core.GetTypes().SelectMany(type => type.GetInterfaces())
            .Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IRequestHandler<,>))
            .Select(face => face.GetGenericArguments()[0]).ToLookup(type => type);
        Assert.All(messages, message => Assert.True(handled[message].Count() == 1, $"{message.Name} has {handled[message].Count()} handlers."));
    }

    private static IEnumerable<string> Sources(string folder)
    {
        var root = Path.Combine(Repository.Root, folder);
        return !Directory.Exists(root) ? [] : Directory.EnumerateFiles(root, "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));
    }

    private static HashSet<string> ReferencedMembers(Assembly assembly)
    {
        using var pe = new PEReader(File.OpenRead(assembly.Location));
        var metadata = pe.GetMetadataReader();
        var names = new HashSet<string>();
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind != HandleKind.TypeReference)
                continue;
            var type = metadata.GetTypeReference((TypeReferenceHandle)member.Parent);
            names.Add($"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}.{metadata.GetString(member.Name)}");
        }

        return names;
    }

    [GeneratedRegex(@"EntityFrameworkCore|System\.Net\.Http|Exalate\.Core\.Storage")]
    private static partial Regex StorageOrNetwork();

    [GeneratedRegex(@"\.ConfigureAwait\(|Task\.Run\(|catch\s*\{(?![^}]*throw;)|catch\s*\(Exception\)\s*\{\s*\}|Thread\.Sleep|\.GetAwaiter\(\)\.GetResult\(\)")]
    private static partial Regex LooseEnds();
}
