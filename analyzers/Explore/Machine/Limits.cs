namespace Sluice.Explore;

/// <summary>What keeps every exploration finite. Beyond it something is unknown, or the exploration incomplete.</summary>
internal static class Limits
{
    public const int Processes = 8;
    public const int Nodes = 96;
    public const int Depth = 16;

    /// <summary>The elements of a collection or a channel that are told apart.</summary>
    public const int Few = 4;

    /// <summary>The numbers that computing gives; more, up to the largest size, when the program counts to that.</summary>
    public const int Numbers = 4;

    /// <summary>The largest number that stands for a size of the program, and the largest channel that can be full.</summary>
    public const int Size = 12;

    /// <summary>What a semaphore or a countdown counts to.</summary>
    public const int Count = 16;

    /// <summary>The steps that one transition runs.</summary>
    public const int Chain = 500;

    /// <summary>The choices after which a transition makes no other, and the ways that one choice has.</summary>
    public const int Choices = 2;
    public const int Ways = 255;
}
