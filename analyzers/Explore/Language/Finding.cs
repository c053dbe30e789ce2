using System.Collections.Immutable;

namespace Sluice.Explore;

internal enum FindingKind
{
    /// <summary>Whatever happens from here on, the process never gets past its wait.</summary>
    StuckForever,
    ClosedTwice,
    SentAfterClose,
    ReleasedNotHeld,
    CountedBelowZero,
    CountedUpWhenOver,
    CompletedTwice,
}

/// <summary>What the explorer found, and the shortest schedule that leads there.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="At">The operation that it is about.</param>
/// <param name="Process">Who does it, as schedules call him.</param>
/// <param name="Schedule">What happens, in order, those steps only that have a label.</param>
internal sealed record Finding(FindingKind Kind, Label At, string Process, ImmutableArray<ScheduleEntry> Schedule);

/// <summary>One line of a schedule.</summary>
/// <param name="Process">Who does it: the name of the procedure it began with, numbered when there are several.</param>
/// <param name="Label">The step.</param>
/// <param name="IsEnd">The step was done before, and what it has set going is over now: the time of a delay or of a source.</param>
internal readonly record struct ScheduleEntry(string Process, Label Label, bool IsEnd = false);

/// <summary>What came of an exploration.</summary>
/// <param name="Findings">In the order of the length of their schedules.</param>
/// <param name="States">How many states were seen.</param>
/// <param name="IsComplete">Whether all were seen. If not, only what is certain all the same is among the findings.</param>
internal sealed record Verdict(ImmutableArray<Finding> Findings, int States, bool IsComplete);
