using System.Collections.Immutable;
using System.Threading;

namespace Sluice.Explore;

/// <summary>Explores all interleavings of what a procedure starts, and says who waits for ever and what is misused.</summary>
internal static class Explorer
{
    // When code goes on coming as a surprise, all of it is taken to be read.
    private const int MostRestarts = 6;

    /// <param name="code">Where the procedures are.</param>
    /// <param name="root">The key of the procedure that is run.</param>
    /// <param name="arguments">What it is given: constants, or unknown. Those that are missing are unknown.</param>
    /// <param name="budget">How many states may be seen.</param>
    /// <param name="cancellation">Ends the exploration by an exception.</param>
    public static Verdict Explore(ICode code, object root, ImmutableArray<Operand> arguments, int budget, CancellationToken cancellation)
    {
        // What most models never look at is left out, and put in for those that do: the search begins again.
        var library = new Library(code);
        library.LookAhead(root);
        var restarts = 0;
        for (var watched = Watched.Nothing; ; restarts++)
        {
            if (restarts == MostRestarts)
            {
                library.Fix(readsAll: true);
            }

            var search = new Search(library, budget, watched, cancellation);
            var version = library.Version;
            var seen = search.Run(root, arguments);
            if (seen == watched && version == library.Version)
            {
                library.Fix(readsAll: false);
                return search.Verdict();
            }

            watched = seen;
        }
    }
}
