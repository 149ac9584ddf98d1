using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Exalate.Tests.Console.Host;

/// <summary>What of a browser matters here: cookies, forms with their hidden fields, redirects that are looked at one by one.</summary>
internal sealed class TestBrowser : IDisposable
{
    private readonly HttpClient http;
    private readonly Uri home;

    public TestBrowser(string url, CookieContainer? cookies = null)
    {
        home = new Uri(url);
        Cookies = cookies ?? new CookieContainer();
        http = new HttpClient(new HttpClientHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = home };
        http.DefaultRequestHeaders.Add("Accept", "text/html");
    }

    public CookieContainer Cookies { get; }

    public IReadOnlyList<string> CookieNames => [.. Cookies.GetCookies(home).Select(cookie => cookie.Name)];

    public Task<HttpResponseMessage> GetAsync(string path) => http.GetAsync(path);

    public Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> fields) => http.PostAsync(path, new FormUrlEncodedContent(fields));

    public Task<HttpResponseMessage> SendAsync(string method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return http.SendAsync(request);
    }

    public async Task<IHtmlDocument> OpenAsync(string path)
    {
        using var response = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await ReadAsync(response);
    }

    /// <summary>Fills the page's form by label-less names ("Input.Email") and sends it with its hidden fields.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(IHtmlDocument page, string path, params (string Name, string Value)[] typed)
    {
        var form = page.QuerySelector("form") ?? throw new InvalidOperationException("The page has no form: " + page.Body?.TextContent);
        var fields = form.QuerySelectorAll("input[type=hidden]").ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value") ?? "");
        foreach (var (name, value) in typed)
            fields[name] = value;
        return await PostAsync(path, fields);
    }

    public async Task<HttpResponseMessage> TrySignInAsync(string email, string password, string path = "/sign-in", bool remember = false)
    {
        var page = await OpenAsync(path);
        return await SubmitAsync(page, path, [("Input.Email", email), ("Input.Password", password), .. remember ? [("Input.Remember", "true")] : Array.Empty<(string, string)>()]);
    }

    public async Task SignInAsync(string email, string password)
    {
        using var response = await TrySignInAsync(email, password);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }

    /// <summary>True when a page that asks for sign-in is given to this browser.</summary>
    public async Task<bool> IsSignedInAsync()
    {
        using var response = await GetAsync("/not-found");
        return response.StatusCode == HttpStatusCode.OK;
    }

    public static async Task<IHtmlDocument> ReadAsync(HttpResponseMessage response) => new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());

    public static async Task<string> ProblemAsync(HttpResponseMessage response) =>
        (await ReadAsync(response)).QuerySelector("[role=alert].exalate-problem")?.Text().Trim() ?? "";

    public void Dispose() => http.Dispose();
}
