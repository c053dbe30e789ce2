using System.Collections.Immutable;

namespace Sluice.Explore;

/// <summary>The code of one method, lambda or local function, in the steps that the machine runs. It holds no symbol and serves every root of a compilation.</summary>
/// <param name="Name">What a schedule calls it.</param>
/// <param name="Parameters">How many of the first registers are parameters; the receiver is the first.</param>
/// <param name="Registers">How many registers there are.</param>
/// <param name="Steps">The first step is step 0.</param>
/// <param name="IsAsync">Whether its value is a task.</param>
internal sealed record Procedure(string Name, int Parameters, int Registers, ImmutableArray<Step> Steps, bool IsAsync = false);

/// <summary>Where the machine finds procedures: made from source when first asked for, or read from text by tests.</summary>
internal interface ICode
{
    /// <summary>The procedure that a call runs, or null when nothing is known of it: the result is unknown then, and the arguments escape.</summary>
    Procedure? Find(object key);

    /// <summary>The key of what a virtual call of <paramref name="key"/> runs on an object of <paramref name="type"/>; null when unknown.</summary>
    object? Resolve(object key, object type);
}
