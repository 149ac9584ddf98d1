using Exalate.Core.RichText;

namespace Exalate.Core.Sync.Incoming;

/// <summary>Finds out whom and what the partner's texts mean over here, before they are written. Asks for what the texts at hand refer to and was not found yet, nothing else.</summary>
internal sealed class TextPreparation(PeopleKeys people)
{
    public async Task RunAsync(ApplySession session, IEnumerable<RichDocument> documents, CancellationToken cancellationToken)
    {
        var texts = documents.ToList();
        foreach (var id in texts.SelectMany(References.Pictures).Select(picture => picture.Id).OfType<string>().Distinct())
            await FindAsync(session, id, cancellationToken);
        var keys = texts.SelectMany(References.People).Select(mention => mention.Id).OfType<string>().Distinct()
            .Where(id => !session.Texts.People.ContainsKey(id))
            .Select(id => (Id: id, Key: session.PersonKeyOf(id))).Where(pair => pair.Key is not null).ToDictionary(pair => pair.Id, pair => pair.Key!);
        foreach (var (id, person) in await people.MatchAsync(session.Pair.Connection, keys, session.Tracker, session.ProjectId, cancellationToken))
            session.Texts.People[id] = person;
    }

    private static async Task FindAsync(ApplySession session, string id, CancellationToken cancellationToken)
    {
        if (session.Texts.Pictures.ContainsKey(id))
            return;
        var file = session.FileOf(id);
        if (session.Message.Replica!.Attachments.FirstOrDefault(offered => offered.Id == file) is { } original)
            session.Texts.FileNames[id] = original.FileName;
        if (session.TraceOf(id) is { } trace
            && await session.Tracker.FindPictureAsync(session.EntityId, trace.LocalId, session.Texts.FileNames.GetValueOrDefault(id), cancellationToken) is { } found)
            session.Texts.Pictures[id] = found;
    }
}
