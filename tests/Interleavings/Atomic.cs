using System.Threading;

namespace Sluice;

/// <summary>The atomic steps, each a place where the explorer may let another thread run.</summary>
internal static class Atomic
{
    public static int Read(ref int location)
    {
        Interleavings.Explorer.Step();
        return location;
    }

    public static void Write(ref int location, int value)
    {
        Interleavings.Explorer.Step();
        Interleavings.Explorer.Wrote();
        location = value;
    }

    public static int Exchange(ref int location, int value)
    {
        int before = Read(ref location);
        Interleavings.Explorer.Wrote();
        location = value;
        return before;
    }

    public static bool TryReplace(ref int location, int expected, int value)
    {
        if (Read(ref location) != expected)
        {
            return false;
        }

        Interleavings.Explorer.Wrote();
        location = value;
        return true;
    }

    public static T? Exchange<T>(ref T? location, T? value)
        where T : class
    {
        Interleavings.Explorer.Step();
        Interleavings.Explorer.Wrote();
        T? before = location;
        location = value;
        return before;
    }

    public static bool TryReplace<T>(ref T? location, T? expected, T? value)
        where T : class
    {
        Interleavings.Explorer.Step();
        if (!ReferenceEquals(location, expected))
        {
            return false;
        }

        Interleavings.Explorer.Wrote();
        location = value;
        return true;
    }

    public static void Pause(ref SpinWait spin) => Interleavings.Explorer.Spin();
}
