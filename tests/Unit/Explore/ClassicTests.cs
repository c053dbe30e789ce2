using System.Linq;
using Sluice.Explore;

namespace Sluice.Tests.Explore;

/// <summary>The classic examples, whole.</summary>
public sealed class ClassicTests
{
    [Fact]
    public void A_sender_is_left_behind_when_its_receiver_times_out() => Finds(
        """
        async proc main()
          c = NewChannel(0)
          d = delegate worker(c)
          t = Start(d) @ -
          r = call receive(c)
          timeout = Delay(null)
          any = WhenAny(r, timeout)
          await any
        async proc receive(c)
          x = Receive(c, null) @ -
          return x
        async proc worker(c)
          Send(c, 1, null)
        """);

    [Fact]
    public void Two_locks_in_two_orders() => Finds(
        """
        proc main()
          a = NewMonitor()
          b = NewMonitor()
          d = delegate both(a, b)
          t = Start(d)
          call both(b, a)
        proc both(x, y)
          Acquire(x)
          Acquire(y) @ second
          Release(y)
          Release(x)
        """,
        "StuckForever second");

    [Fact]
    public void Two_locks_in_one_order() => Finds(
        """
        proc main()
          a = NewMonitor()
          b = NewMonitor()
          d = delegate both(a, b)
          t = Start(d)
          call both(a, b)
        proc both(x, y)
          Acquire(x)
          Acquire(y) @ second
          Release(y)
          Release(x)
        """);

    private static void Finds(string model, params string[] findings)
    {
        var verdict = ModelReader.Explore(model);
        Assert.True(verdict.IsComplete);
        Assert.Equal(findings, verdict.Findings.Select(finding => $"{finding.Kind} {finding.At.Text}"));
    }
}
