#nullable enable
using System;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>Names the code that waits, from the name of its state machine: no cost until it is asked.</summary>
[Embedded]
internal static class Code
{
    /// <summary>The async method that awaits, as Namespace.Type.Method.</summary>
    internal static string Of(Suspension suspension) =>
        suspension.Continuation is { } continuation ? Method(continuation.GetType().ToString()) : "code that does not await it yet";

    // From Builder`1+AsyncStateMachineBox`1[Result,App.Worker+<>c+<<Run>b__0>d] to App.Worker.Run; what looks otherwise stays as it is.
    private static string Method(string box)
    {
        int start = box.IndexOf('[', StringComparison.Ordinal) < 0 ? 0 : box.LastIndexOf(',') + 1;
        string machine = box.Substring(start).TrimEnd(']');
        int nested = machine.IndexOf("+<", StringComparison.Ordinal);
        int open = machine.LastIndexOf('<');
        int close = open < 0 ? -1 : machine.IndexOf('>', open);
        return nested < 0 || close < 0 ? machine : $"{machine.AsSpan(0, nested)}.{machine.AsSpan(open + 1, close - open - 1)}";
    }
}
