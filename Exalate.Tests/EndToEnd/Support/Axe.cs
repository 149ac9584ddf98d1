using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Exalate.Tests.EndToEnd.Support;

/// <summary>
/// axe-core inside the page that it looks at. Its own binding for Playwright opens a second page for each look, which is made for frames of other sites and takes as long as the look.
/// </summary>
internal static class Axe
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>WCAG 2.1 AA and what axe recommends beyond.</summary>
    public static object Rules { get; } = new { runOnly = new { type = "tag", values = new[] { "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice" } } };

    public static object ColorRules { get; } = new { runOnly = new { type = "rule", values = new[] { "color-contrast", "link-in-text-block" } } };

    /// <param name="screen">What the reader of a failure shall look at.</param>
    public static async Task CheckAsync(IPage page, string screen, object rules)
    {
        if (!await page.EvaluateAsync<bool>("typeof axe === 'object'"))
            await page.EvaluateAsync(Script);
        var look = await page.EvaluateAsync<Look>(
            """
            async rules => {
              const result = await axe.run(document, rules);
              const node = one => `${one.html} ${[...one.any, ...one.all, ...one.none].map(check => check.message).join(', ')}`;
              return {
                Passed: result.passes.length,
                Violations: result.violations.map(rule => `${rule.id} (${rule.impact}): ${rule.help} ${rule.nodes.map(node).join(' | ')}`),
              };
            }
            """,
            rules);
        Assert.True(look.Violations.Length == 0, $"{screen}: " + string.Join(Environment.NewLine, look.Violations));
        Assert.True(look.Passed > 0, $"{screen}: no rule applied, so nothing was looked at.");
    }

    private sealed class Look
    {
        public int Passed { get; set; }

        public string[] Violations { get; set; } = [];
    }
}
