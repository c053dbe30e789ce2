#nullable enable
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Sluice;

/// <summary>The steps of the algorithm that other threads can come between. All of them go through here, so that tests can put a scheduler in their place and try every order.</summary>
[Embedded]
internal static class Atomic
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ref int location) => Volatile.Read(ref location);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ref int location, int value) => Volatile.Write(ref location, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Exchange(ref int location, int value) => Interlocked.Exchange(ref location, value);

    /// <returns>Whether the location held <paramref name="expected"/> and now holds <paramref name="value"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReplace(ref int location, int expected, int value) => Interlocked.CompareExchange(ref location, value, expected) == expected;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T? Exchange<T>(ref T? location, T? value)
        where T : class => Interlocked.Exchange(ref location, value);

    /// <returns>Whether the location held <paramref name="expected"/> and now holds <paramref name="value"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReplace<T>(ref T? location, T? expected, T? value)
        where T : class => ReferenceEquals(Interlocked.CompareExchange(ref location, value, expected), expected);

    /// <summary>Lets others run before the next look at a lock that is held.</summary>
    public static void Pause(ref SpinWait spin) => spin.SpinOnce();
}
