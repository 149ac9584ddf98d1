using AngleSharp.Dom;
using Bunit;
using Exalate.Console.Shared;
using Exalate.Core;
using Exalate.Core.Settings;
using Exalate.Core.Sync.Errors;
using MediatR;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Console.Pages;

/// <summary>A page or dialog with everything behind it in the test's hand.</summary>
public abstract class PageTest : BunitContext
{
    static PageTest() => DefaultWaitTimeout = TimeSpan.FromSeconds(20);

    private protected PageTest()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<IMediator>(Mediator);
        Services.AddSingleton<INodeChanges>(Changes);
        Services.AddSingleton<TimeProvider>(Clock);
        Services.AddSingleton<IRandomSource>(new CountingIds());
        Services.AddConsolePages();
        AddAuthorization().SetAuthorized("kim@acme.example");
        Mediator.On<GetNodeSettings, NodeSettingsView>(_ => Settings);
        Mediator.On<CountErrors, int>(_ => 0);
    }

    internal FakeMediator Mediator { get; } = new();

    internal FakeChanges Changes { get; } = new();

    internal PageClock Clock { get; } = new();

    private protected NodeSettingsView Settings { get; set; } = Sample.Settings();

    private protected string Address => Services.GetRequiredService<NavigationManager>().ToBaseRelativePath(Services.GetRequiredService<NavigationManager>().Uri);

    /// <summary>The one button that shows this text.</summary>
    private protected static IElement Button(IRenderedComponent<IComponent> page, string text) =>
        page.FindAll("button").Single(button => Text(button) == text);

    private protected static bool HasButton(IRenderedComponent<IComponent> page, string text) => page.FindAll("button").Any(button => Text(button) == text);

    /// <summary>The field whose label says this.</summary>
    private protected static IElement Field(IRenderedComponent<IComponent> page, string label)
    {
        if (page.FindAll("[type=radio]").SingleOrDefault(radio => Text(page.Find("#" + radio.GetAttribute("aria-labelledby"))) == label) is { } choice)
            return choice;
        return page.Find("#" + page.FindAll("label[for]").Single(candidate => Text(candidate) == label).GetAttribute("for"));
    }

    private protected static string Text(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private sealed class CountingIds : IRandomSource
    {
        private int last;

        public Guid NewGuid() => new(++last, 0, 0, new byte[8]);

        public void Fill(Span<byte> bytes) => bytes.Clear();

        public double NextDouble() => 0.5;
    }
}
