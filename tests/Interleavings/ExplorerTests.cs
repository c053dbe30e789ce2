using System;

namespace Sluice.Interleavings;

/// <summary>The explorer finds what it is there to find.</summary>
public sealed class ExplorerTests
{
    [Fact]
    public void Finds_a_lost_update()
    {
        var found = Assert.Throws<InvalidOperationException>(() => Explorer.Explore(1, () =>
        {
            int counter = 0;
            void Increment()
            {
                int seen = Atomic.Read(ref counter);
                Atomic.Write(ref counter, seen + 1);
            }

            return ([Increment, Increment], () => Assert.Equal(2, counter));
        }));
        Assert.Contains("order", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_that_all_wait()
    {
        var found = Assert.Throws<InvalidOperationException>(() => Explorer.Explore(1, () =>
        {
            var left = new Chan<int>();
            var right = new Chan<int>();
            void Both(Chan<int> first, Chan<int> second)
            {
                Waits.Receive(first.ReceiveAsync());
                Waits.Send(second.SendAsync(1));
            }

            return ([() => Both(left, right), () => Both(right, left)], () => { });
        }));
        Assert.Contains("waits", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tries_every_order_within_the_bound()
    {
        // Two threads of two steps each: 6 orders of the steps when nothing bounds the preemptions.
        var orders = new System.Collections.Generic.HashSet<string>();
        Explorer.Explore(9, () =>
        {
            int place = 0;
            string order = string.Empty;
            void TwoSteps(char name)
            {
                Atomic.Read(ref place);
                order += name;
                Atomic.Read(ref place);
                order += name;
            }

            return ([() => TwoSteps('a'), () => TwoSteps('b')], () => orders.Add(order));
        });
        Assert.Equal(6, orders.Count);
    }
}
