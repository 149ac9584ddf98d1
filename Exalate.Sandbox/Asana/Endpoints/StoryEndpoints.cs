using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana.Endpoints;

/// <summary>Stories: comments of people mixed with what the system tells.</summary>
internal sealed class StoryEndpoints(AsanaState state, EventLog events, StoryDesk desk)
{
    public void Map(AsanaRoutes routes)
    {
        routes.Get("/tasks/{task}/stories", request => state.Store.Read(() => AsanaPages.List(
            request, state, state.StoriesOf[state.Task(request.Route("task")).Id], story => story.Id, request.View(state).Stories)));
        routes.Post("/tasks/{task}/stories", Add);
        routes.Get("/stories/{story}", request => state.Store.Read(() => Answer(request, state.Story(request.Route("story")))));
        routes.Put("/stories/{story}", Edit);
        routes.Delete("/stories/{story}", request =>
        {
            events.Write(() => desk.Delete(request.Caller, state.Story(request.Route("story"))));
            return AsanaRoutes.Empty();
        });
    }

    private ApiAnswer Answer(AsanaRequest request, AsanaStory story, int status = 200) =>
        AsanaRoutes.Data(request.View(state).Stories.Full(story, request.Fields), status);

    private ApiAnswer Add(AsanaRequest request)
    {
        var data = request.Data;
        return events.Write(() => Answer(request, desk.Comment(request.Caller, state.Task(request.Route("task")), data, request.SiteUrl), 201));
    }

    private ApiAnswer Edit(AsanaRequest request)
    {
        var data = request.Data;
        return events.Write(() => Answer(request, desk.Edit(request.Caller, state.Story(request.Route("story")), data, request.SiteUrl)));
    }
}
