namespace Sluice.Tests.Explore;

/// <summary>The classic examples, whole: each with its mended twin.</summary>
public sealed class ClassicTests : ExploreTest
{
    internal const string Philosophers = """
        proc main()
          a = NewMonitor()
          b = NewMonitor()
          c = NewMonitor()
          d = delegate philosopher(a, b)
          Start(d)
          d = delegate philosopher(b, c)
          Start(d)
          d = delegate philosopher(c, a)
          Start(d)
        proc philosopher(left, right)
        again:
          Acquire(left)
          Acquire(right) @ second
          Release(right)
          Release(left)
          goto again
        """;

    private const string Leak = """
        async proc main()
          c = NewChannel(0)
          d = delegate worker(c)
          t = Start(d)
          r = call receive(c)
          timeout = Delay(null)
          any = WhenAny(r, timeout)
          await any
        async proc receive(c)
          x = Receive(c, null) @ -
          return x
        async proc worker(c)
          Send(c, 1, null)
        """;

    [Fact]
    public void A_receive_that_lost_against_a_timeout_still_takes_a_value() => Finds(Leak);

    [Fact]
    public void A_sender_is_left_behind_when_the_receiver_gives_up() => Finds(
        """
        async proc main()
          c = NewChannel(0)
          d = delegate worker(c)
          t = Start(d)
          timeout = Delay(null)
          any = WhenAny(t, timeout)
          w = await any
          if w == timeout else receive
          return
        receive:
          Receive(c, null)
        async proc worker(c)
          Send(c, 1, null)
        """,
        "StuckForever Send(c, 1, null)");

    [Fact]
    public void A_sender_into_a_buffer_is_not_left_behind() => Finds(
        """
        async proc main()
          c = NewChannel(1)
          d = delegate worker(c)
          t = Start(d)
          timeout = Delay(null)
          any = WhenAny(t, timeout)
          await any
        async proc worker(c)
          Send(c, 1, null)
        """);

    [Fact]
    public void A_loser_of_WhenAny_swallows_a_later_value() => Finds(
        """
        async proc main()
          c = NewChannel(0)
          d = delegate worker(c)
          t = Start(d)
          r = call receive(c)
          timeout = Delay(null)
          any = WhenAny(r, timeout)
          w = await any
          if w == timeout else over
          Receive(c, null) @ again
        over:
          return
        async proc receive(c)
          x = Receive(c, null) @ -
          return x
        async proc worker(c)
          Send(c, 1, null)
        """,
        "StuckForever again");

    [Fact]
    public void Two_locks_in_two_orders() => Finds(Locks("b, a"), "StuckForever second");

    [Fact]
    public void Two_locks_in_one_order() => Finds(Locks("a, b"));

    [Fact]
    public void Three_philosophers() => Finds(Philosophers, "StuckForever second");

    [Fact]
    public void Three_philosophers_one_of_them_left_handed() => Finds(Philosophers.Replace("c, a", "a, c"));

    [Fact]
    public void A_pulse_is_lost() => Finds(
        """
        proc main()
          l = NewMonitor()
          d = delegate signal(l)
          Start(d)
          Acquire(l)
          MonitorWait(l)
          Release(l)
        proc signal(l)
          Acquire(l)
          Pulse(l)
          Release(l)
        """,
        "StuckForever MonitorWait(l)");

    [Fact]
    public void A_pulse_behind_a_condition_is_not_lost() => Finds(
        """
        proc main()
          l = make Guard
          l.ready = 0
          d = delegate signal(l)
          Start(d)
          Acquire(l)
        again:
          r = l.ready
          if r == 0 else over
          MonitorWait(l)
          goto again
        over:
          Release(l)
        proc signal(l)
          Acquire(l)
          l.ready = 1
          Pulse(l)
          Release(l)
        """);

    [Fact]
    public void A_pulse_wakes_one_of_two() => Finds(Waiters("Pulse"), "StuckForever MonitorWait(l)");

    [Fact]
    public void A_pulse_for_all_wakes_both() => Finds(Waiters("PulseAll"));

    [Fact]
    public void Two_producers_close_twice() => Finds(
        """
        proc main()
          c = NewChannel(-1)
          d = delegate produce(c)
          Start(d)
          Start(d)
        proc produce(c)
          Close(c)
        """,
        "ClosedTwice Close(c)");

    [Fact]
    public void One_sends_after_the_other_has_closed() => Finds(
        """
        proc main()
          c = NewChannel(-1)
          d = delegate produce(c)
          Start(d)
          Close(c)
        proc produce(c)
          Send(c, 1, null)
        """,
        "SentAfterClose Send(c, 1, null)");

    [Fact]
    public void A_sender_that_waits_for_the_lock_of_its_receiver() => Finds(
        """
        proc main()
          c = NewChannel(0)
          l = NewMonitor()
          d = delegate worker(c, l)
          Start(d)
          Acquire(l)
          Receive(c, null)
          Release(l)
        proc worker(c, l)
          Acquire(l)
          Send(c, 1, null)
          Release(l)
        """,
        "StuckForever Acquire(l)",
        "StuckForever Acquire(l)",
        "StuckForever Receive(c, null)",
        "StuckForever Send(c, 1, null)");

    [Fact]
    public void Facing_selects_meet() => Finds(
        """
        proc main()
          c = NewChannel(0)
          e = NewChannel(0)
          d = delegate other(c, e)
          Start(d)
          x = Select(0, 1, c, 1, 0, e, ?)
        proc other(c, e)
          x = Select(0, 0, c, ?, 1, e, 2)
        """);

    [Fact]
    public void Facing_selects_of_the_same_kind_never_meet() => Finds(
        """
        proc main()
          c = NewChannel(0)
          e = NewChannel(0)
          d = delegate other(c, e)
          Start(d)
          x = Select(0, 0, c, ?, 0, e, ?) @ here
        proc other(c, e)
          x = Select(0, 0, c, ?, 0, e, ?) @ there
        """,
        "StuckForever here",
        "StuckForever there");

    [Fact]
    public void Who_waits_to_send_and_who_waits_to_receive_never_meet() => Finds(
        """
        proc main()
          c = NewChannel(0)
          d = delegate other(c)
          Start(d)
          WaitToSend(c, null)
          TrySend(c, 1)
        proc other(c)
          WaitToReceive(c, null)
          TryReceive(c)
        """,
        "StuckForever WaitToReceive(c, null)",
        "StuckForever WaitToSend(c, null)");

    [Fact]
    public void Who_waits_to_send_meets_a_receiver() => Finds(
        """
        proc main()
          c = NewChannel(0)
          d = delegate other(c)
          Start(d)
        again:
          WaitToSend(c, null)
          x = TrySend(c, 1)
          if x == 1 else again
          return
        proc other(c)
          Receive(c, null)
        """);

    [Fact]
    public void Who_tries_to_send_without_waiting_may_miss_the_receiver() => Finds(
        """
        proc main()
          c = NewChannel(0)
          d = delegate other(c)
          Start(d)
          TrySend(c, 1)
        proc other(c)
          Receive(c, null)
        """,
        "StuckForever Receive(c, null)");

    [Fact]
    public void A_semaphore_is_not_released_on_an_exception() => Finds(Semaphore("All goto out"), "StuckForever AcquireSemaphore(s, null)");

    [Fact]
    public void A_semaphore_is_released_on_an_exception() => Finds(Semaphore("All goto release"));

    [Fact]
    public void Cancellation_ends_the_wait() => Finds(
        """
        async proc main()
          c = NewChannel(0)
          s = NewCancellation()
          d = delegate worker(c, s)
          t = Start(d)
          CancelAfter(s)
          await t on Cancelled goto end
        async proc worker(c, s)
          Receive(c, s)
        """);

    [Fact]
    public void Cancellation_of_another_source_does_not() => Finds(
        """
        async proc main()
          c = NewChannel(0)
          s = NewCancellation()
          o = NewCancellation()
          d = delegate worker(c, s)
          t = Start(d)
          CancelAfter(o)
          await t on Cancelled goto end @ -
        async proc worker(c, s)
          Receive(c, s)
        """,
        "StuckForever Receive(c, s)");

    [Fact]
    public void A_writer_that_waits_stops_a_second_reader() => Finds(
        """
        proc main()
          l = NewReaderWriterLock(1)
          e = NewEvent(0, 0)
          d = delegate write(l)
          Start(d)
          d = delegate read(l, e)
          Start(d)
          EnterRead(l)
          WaitEvent(e, null)
          ExitRead(l)
        proc read(l, e)
          EnterRead(l) @ second
          SetEvent(e)
          ExitRead(l)
        proc write(l)
          EnterWrite(l)
          ExitWrite(l)
        """,
        "StuckForever second",
        "StuckForever EnterWrite(l)",
        "StuckForever WaitEvent(e, null)");

    [Fact]
    public void A_barrier_opens_for_all_at_once() => Finds(
        """
        proc main()
          b = NewBarrier(3)
          d = delegate work(b)
          Start(d)
          Start(d)
          SignalAndWait(b)
          SignalAndWait(b)
        proc work(b)
          SignalAndWait(b)
          SignalAndWait(b)
        """);

    [Fact]
    public void An_open_channel_leaves_nobody_behind() => Finds(Leak.Replace("timeout = Delay", "Escape(c)\n  timeout = Delay").Replace("c, 1", "c, 2"));

    [Theory]
    [InlineData("?")]
    [InlineData("null", "StuckForever Acquire(l)", "StuckForever Receive(c, token)")]
    public void Who_may_be_cancelled_from_outside_frees_others(string token, params string[] findings) => Finds(
        $"""
        proc main()
          c = NewChannel(0)
          l = NewMonitor()
          token = {token}
          d = delegate receive(c, l, token)
          Start(d)
          d = delegate other(l)
          Start(d)
        proc receive(c, l, token)
          Acquire(l) @ -
          Receive(c, token) on Cancelled goto out
        out:
          Release(l)
        proc other(l)
          Acquire(l)
        """,
        findings);

    [Fact]
    public void Who_may_be_cancelled_from_outside_frees_none_but_those_who_need_him() => Finds(
        """
        proc main()
          c = NewChannel(0)
          e = NewChannel(0)
          d = delegate receive(c)
          Start(d)
          Send(e, 1, null)
        proc receive(c)
          Receive(c, ?)
        """,
        "StuckForever Send(e, 1, null)");

    [Fact]
    public void A_semaphore_that_is_open_may_be_released_from_outside() => Finds(
        """
        proc main()
          s = NewSemaphore(0)
          e = NewEvent(0, 0)
          d = delegate signal(s, e)
          Start(d)
          Escape(s)
          WaitEvent(e, null)
        proc signal(s, e)
          AcquireSemaphore(s, null)
          SetEvent(e)
        """);

    [Fact]
    public void What_the_root_returns_is_open() => Finds(
        """
        proc main()
          c = NewChannel(0)
          d = delegate worker(c)
          Start(d)
          return c
        proc worker(c)
          Send(c, 1, null)
        """);

    [Fact]
    public void A_pipeline_with_its_end() => Finds(Pipeline("Close(c)"));

    [Fact]
    public void A_pipeline_that_nobody_closes() => Finds(Pipeline("goto end"), "StuckForever more = WaitToReceive(c, null)", "StuckForever await t");

    private static string Locks(string order) => $"""
        proc main()
          a = NewMonitor()
          b = NewMonitor()
          d = delegate both(a, b)
          t = Start(d)
          call both({order}) @ -
        proc both(x, y)
          Acquire(x)
          Acquire(y) @ second
          Release(y)
          Release(x)
        """;

    private static string Waiters(string pulse) => $"""
        proc main()
          l = make Guard
          l.waiting = 0
          d = delegate wait(l)
          Start(d)
          Start(d)
        again:
          Acquire(l)
          n = l.waiting
          if n == 2 else no
          {pulse}(l)
          Release(l)
          return
        no:
          Release(l)
          goto again
        proc wait(l)
          Acquire(l)
          n = l.waiting
          n = n + 1
          l.waiting = n
          MonitorWait(l)
          Release(l)
        """;

    private static string Semaphore(string handler) => $"""
        proc main()
          s = NewSemaphore(1)
          d = delegate work(s)
          Start(d)
          Start(d)
        proc work(s)
          AcquireSemaphore(s, null)
          choose bad
        release:
          ReleaseSemaphore(s, 1)
          return
        bad:
          throw Other on {handler}
        out:
          return
        """;

    private static string Pipeline(string end) => $"""
        async proc main()
          c = NewChannel(1)
          d = delegate consume(c)
          t = Start(d)
          d = delegate produce(c)
          Start(d)
          await t
        async proc produce(c)
          Send(c, 1, null)
          Send(c, 1, null)
          {end}
        async proc consume(c)
        again:
          more = WaitToReceive(c, null)
          if more == 1 else end
          TryReceive(c)
          goto again
        """;
}
