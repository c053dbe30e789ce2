using System.Collections.Immutable;
using System.Threading;

namespace Sluice.Explore;

/// <summary>Explores all interleavings of what a procedure starts, and says who waits for ever and what is misused.</summary>
internal static class Explorer
{
    /// <param name="code">Where the procedures are.</param>
    /// <param name="root">The key of the procedure that is run.</param>
    /// <param name="arguments">What it is given: constants, or unknown. Those that are missing are unknown.</param>
    /// <param name="budget">How many states may be seen.</param>
    /// <param name="cancellation">Ends the exploration by an exception.</param>
    public static Verdict Explore(ICode code, object root, ImmutableArray<Operand> arguments, int budget, CancellationToken cancellation)
    {
        // Most models never ask who waits at a rendezvous; for those that do, begin again and keep account of it.
        var search = new Search(code, budget, tellsWaiting: false, cancellation);
        if (!search.Run(root, arguments))
        {
            search = new Search(code, budget, tellsWaiting: true, cancellation);
            search.Run(root, arguments);
        }

        return search.Verdict();
    }
}
