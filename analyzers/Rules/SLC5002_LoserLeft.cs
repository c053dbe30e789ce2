using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Rules;

/// <summary>Work that lost a WhenAny goes on, and nobody cancels it or looks at its result.</summary>
internal sealed class LoserLeft : Rule
{
    internal const string Id = "SLC5002";

    public override DiagnosticDescriptor Descriptor { get; } = new(
        Id,
        "Loser of WhenAny left alone",
        "When something else is first here, '{0}' goes on: nobody cancels it, and nobody learns that it failed; give it a token and cancel that, or await it too",
        Family.Tasks,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Task.WhenAny ends when the first task does; the others go on. Work that nobody wants any more keeps its connection, its lock or its place in a queue, and its exception is seen by nobody. Cancel the losers, and await or observe them.",
        helpLinkUri: Page.Of(Id));

    public override Mentions Needs => Mentions.Spawn;

    public override void Check(TypeModel type, Action<Diagnostic> report)
    {
        // A test whose time is up has failed, and what it leaves running ends with it.
        if (type.Compilation.IsOfTests)
        {
            return;
        }

        foreach (var body in type.BodiesThatMention(Mentions.Spawn))
        {
            if (!body.Operations.Any(operation => operation is IInvocationOperation { TargetMethod.Name: "WhenAny" }))
            {
                continue;
            }

            var left = Entrant.In(body).Where(entrant => entrant.Race.TargetMethod.Name == "WhenAny" && IsWork(entrant.Work, type.Known) && !entrant.IsCancelled(body) && entrant.IsLeft(body));
            foreach (var race in left.GroupBy(entrant => entrant.Race))
            {
                var works = race.Select(entrant => entrant.Work).Distinct().ToList();
                var losers = Losers.Of(race.Key, race.ToList(), body);
                report(Diagnostic.Create(Descriptor, race.Key.Syntax.GetLocation(), (losers?.Calls.AsEnumerable() ?? works).Select(work => work.Syntax.GetLocation()), losers?.Facts, string.Join("' or '", works.Select(work => work.InOneLine()).Distinct())));
            }
        }
    }

    // A timer or a wait that takes nothing may be left; reads of a channel have a rule of their own.
    private static bool IsWork(IInvocationOperation work, KnownTypes known) =>
        Waits.IsTask(work.Type, known)
        && work.TargetMethod.Name is not ("Delay" or "Yield" or "WaitToReadAsync" or "WaitToWriteAsync" or "WaitForNextTickAsync" or "FromResult" or "FromException" or "WhenAll" or "WhenAny" or "WaitForExitAsync")
        && known[work.TargetMethod.ContainingType] is not (KnownType.ChannelReader or KnownType.Chan);
}
