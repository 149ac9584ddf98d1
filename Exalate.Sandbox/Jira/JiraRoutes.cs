using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira;

/// <summary>Maps API paths to handlers; whoever calls, what was sent and how refusals are answered is settled here.</summary>
internal sealed class JiraRoutes(IEndpointRouteBuilder routes)
{
    public const string CallerItem = "jira.caller";
    public const string V2Item = "jira.v2";

    private const string Api = "/rest/api/3";

    public void Get(string path, Func<JiraRequest, ApiAnswer> handle) => Map("GET", Api + path, handle);

    public void Post(string path, Func<JiraRequest, ApiAnswer> handle) => Map("POST", Api + path, handle);

    public void Put(string path, Func<JiraRequest, ApiAnswer> handle) => Map("PUT", Api + path, handle);

    public void Delete(string path, Func<JiraRequest, ApiAnswer> handle) => Map("DELETE", Api + path, handle);

    public void Map(string method, string path, Func<JiraRequest, ApiAnswer> handle) =>
        MapAsync(method, path, request => Task.FromResult(handle(request)));

    public void MapAsync(string method, string path, Func<JiraRequest, Task<ApiAnswer>> handle) =>
        routes.MapMethods(path, [method], context => AnswerAsync(context, handle));

    private static async Task AnswerAsync(HttpContext context, Func<JiraRequest, Task<ApiAnswer>> handle)
    {
        ApiAnswer answer;
        try
        {
            var body = await JiraRequest.ReadBodyAsync(context);
            answer = await handle(new JiraRequest(
                context, context.Items[CallerItem] as JiraUser, context.Items.ContainsKey(V2Item), body));
        }
        catch (ApiException refusal)
        {
            answer = refusal.Answer;
        }

        await answer.SendAsync(context);
    }
}
