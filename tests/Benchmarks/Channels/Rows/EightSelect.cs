using Sluice;

namespace ChannelBenchmarks;

/// <summary>A select of up to eight: cases without a channel are off.</summary>
[Select]
internal sealed partial class EightSelect
{
    public readonly Receive<int> A = new();
    public readonly Receive<int> B = new();
    public readonly Receive<int> C = new();
    public readonly Receive<int> D = new();
    public readonly Receive<int> E = new();
    public readonly Receive<int> F = new();
    public readonly Receive<int> G = new();
    public readonly Receive<int> H = new();

    public Receive<int> this[int index] => index switch
    {
        0 => A,
        1 => B,
        2 => C,
        3 => D,
        4 => E,
        5 => F,
        6 => G,
        _ => H,
    };
}
