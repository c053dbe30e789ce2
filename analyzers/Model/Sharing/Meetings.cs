using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sluice.Model.Sharing;

/// <summary>
/// Where two accesses meet: in the last call that led to both. The member that made this call tells of them, unless it cannot know that both have the same object; then whoever made the object does.
/// Made for one search for races; used by one thread.
/// </summary>
internal sealed class Meetings(TypeModel type)
{
    private readonly Dictionary<SyntaxNode, Rehearsal?> _alone = [];

    /// <summary>Whether the race is the business of another member than the one that was rehearsed.</summary>
    public bool AreToldElsewhere(Access one, Access other)
    {
        var mine = new HashSet<Frame>(one.Frame.Chain);
        var meeting = other.Frame.Chain.First(mine.Contains).Outermost;
        return meeting.Caller is not null && (IsMadeWithin(one.Cell.Owner, meeting) || meeting.Declaration is not MethodDeclarationSyntax member || Meet(one, other, member));
    }

    private static bool IsMadeWithin(Thing? owner, Frame meeting) => owner?.Maker is not { } maker || maker.Chain.Any(frame => frame.Outermost == meeting);

    // Where that member cannot be followed, nothing is claimed.
    private bool Meet(Access one, Access other, MethodDeclarationSyntax member)
    {
        if (!_alone.TryGetValue(member, out var alone))
        {
            _alone[member] = alone = Body.Of(member, type.Compilation, type.Cancellation).Rehearsal;
        }

        return alone is not { IsOver: false }
            || alone.Accesses.Where(access => access.Syntax == one.Syntax).Any(first => alone.Accesses.Any(second => second.Syntax == other.Syntax && second.Cell == first.Cell && second.At.Strand != first.At.Strand));
    }
}
