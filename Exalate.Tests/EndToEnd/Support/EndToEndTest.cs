using Microsoft.Playwright;

namespace Exalate.Tests.EndToEnd.Support;

/// <summary>One browser for all end-to-end tests; they run after all the others and one after the other, for each starts programs of its own.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EndToEndCollection : ICollectionFixture<SharedChromium>
{
    public const string Name = "End to end";
}

public sealed class SharedChromium : IAsyncLifetime
{
    internal Chromium Chromium { get; private set; } = null!;

    public async Task InitializeAsync() => Chromium = await Chromium.StartAsync();

    public async Task DisposeAsync() => await Chromium.DisposeAsync();
}

/// <summary>Runs steps in browser contexts and, when one fails, leaves a screenshot of every open tab.</summary>
public abstract class EndToEndTest(SharedChromium shared) : IAsyncLifetime
{
    private readonly List<IBrowserContext> contexts = [];

    internal Chromium Chromium => shared.Chromium;

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var context in contexts)
            await context.CloseAsync();
    }

    private protected async Task<IBrowserContext> NewContextAsync(ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 900)
    {
        var context = await Chromium.NewContextAsync(scheme, width, height);
        contexts.Add(context);
        return context;
    }

    /// <summary>The whole test in here: what fails leaves its pictures in artifacts/.</summary>
    private protected async Task WatchedAsync(Func<Task> steps, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        try
        {
            await steps();
        }
        catch (Exception)
        {
            var number = 0;
            foreach (var page in contexts.SelectMany(context => context.Pages))
                await page.ScreenshotAsync(new() { Path = Path.Combine(Artifacts.Folder, $"{GetType().Name}.{test}.{++number}.png"), FullPage = true });
            throw;
        }
    }
}
