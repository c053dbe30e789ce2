using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Sluice.Tour;

/// <summary>A fix as the editor would offer it first: its title, and the solution with it.</summary>
internal sealed record Fix(string Title, Solution Before, Solution After)
{
    /// <summary>The first fix that is offered for <paramref name="finding"/>, if any. Nothing is written.</summary>
    public static async Task<Fix?> OfAsync(Finding finding, CancellationToken cancellation)
    {
        if (finding.Document is not { } document)
        {
            return null;
        }

        var actions = new List<CodeAction>();
        foreach (var provider in Rulebook.FixesOf(finding.Id))
        {
            await provider.RegisterCodeFixesAsync(new CodeFixContext(document, finding.Diagnostic, (action, _) => actions.Add(action), cancellation));
        }

        if (actions.Count == 0)
        {
            return null;
        }

        var operations = await actions[0].GetOperationsAsync(cancellation);
        return operations.OfType<ApplyChangesOperation>().FirstOrDefault() is { } change
            ? new Fix(actions[0].Title, document.Project.Solution, change.ChangedSolution)
            : null;
    }

    /// <summary>Whether the other fix makes the same code: one fix often mends several findings.</summary>
    public async Task<bool> IsSameAsync(Fix other, CancellationToken cancellation)
    {
        var (mine, others) = (Documents().ToList(), other.Documents().ToList());
        if (mine.Count != others.Count)
        {
            return false;
        }

        for (var i = 0; i < mine.Count; i++)
        {
            if (mine[i].After.Id != others[i].After.Id || !(await mine[i].After.GetTextAsync(cancellation)).ContentEquals(await others[i].After.GetTextAsync(cancellation)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The documents that the fix changes, before and after.</summary>
    public IEnumerable<(Document Before, Document After)> Documents() =>
        After.GetChanges(Before).GetProjectChanges()
            .SelectMany(project => project.GetChangedDocuments())
            .Select(id => (Before.GetDocument(id)!, After.GetDocument(id)!))
            .DistinctBy(pair => pair.Item1.FilePath);
}
