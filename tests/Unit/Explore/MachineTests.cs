using System.Linq;
using Sluice.Explore;

namespace Sluice.Tests.Explore;

/// <summary>How procedures run: calls, exceptions, async code, unknown values, and what keeps all that finite.</summary>
public sealed class MachineTests : ExploreTest
{
    [Theory]
    [InlineData("x = call three() proc three()\n return 3", "3")]
    [InlineData("x = call id(2) proc id(v)\n return v", "2")]
    [InlineData("d = delegate sum(1); x = invoke d(2) proc sum(a, b)\n c = a + b\n return c", "3")]
    [InlineData("o = make Cat; x = call virtual legs(o) proc Cat.legs(c)\n return 2\nproc Bird.legs(b)\n return 1", "2")]
    [InlineData("o = make Bird; d = delegate virtual legs(o); x = invoke d() proc Cat.legs(c)\n return 2\nproc Bird.legs(b)\n return 1", "1")]
    [InlineData("o = make Fish; x = call virtual legs(o) proc Cat.legs(c)\n return 2", "null", "0", "1", "2", "3", "'a'", "~")]
    [InlineData("x = call bad() proc bad()\n throw Closed", "closed")]
    [InlineData("call bad() on Closed,Other goto here; goto over; here:; x = 2; over:; x = x proc bad()\n throw Closed", "2")]
    [InlineData("call bad() on Cancelled goto here; goto over; here:; x = 2; over:; x = x proc bad()\n throw Closed", "closed")]
    [InlineData("x = call again() proc again()\n x = call again()\n return x", "null", "0", "1", "2", "3", "'a'", "~")]
    public void Calls(string steps, params string[] outcomes) => Gives(steps, outcomes);

    [Theory]
    [InlineData("t = call f(); x = await t async proc f()\n return 3", "3")]
    [InlineData("t = call f(); x = IsOver(t) async proc f()\n return 3", "1")]
    [InlineData("t = call f(); x = 1; await t async proc f()\n throw Other", "other")]
    [InlineData("x = await call f() async proc f()\n return 3", "3")]
    [InlineData("x = await call f() async proc f()\n throw Other", "other")]
    [InlineData("x = await call f() proc f()\n t = CompletedTask(3)\n return t", "3")]
    [InlineData("x = await call f() proc f()\n t = FailedTask(8)\n return t", "other")]
    [InlineData("c = NewChannel(0); t = call f(c); x = Send(c, 1, null) async proc f(c)\n Receive(c, null)", "null")]
    [InlineData("c = NewChannel(0); t = call f(c); Send(c, 2, null); x = await t async proc f(c)\n x = Receive(c, null)\n return x", "2")]
    [InlineData("c = NewChannel(0); t = call g(c); Send(c, 2, null); x = await t async proc g(c)\n x = await call f(c)\n return x\nasync proc f(c)\n x = Receive(c, null)\n return x", "2")]
    [InlineData("c = NewChannel(0); t = call g(c); Send(c, 2, null); x = await t async proc g(c)\n t = call f(c)\n x = await t\n return x\nasync proc f(c)\n x = Receive(c, null)\n return x", "2")]
    [InlineData("c = NewChannel(0); t = call f(c); Send(c, 2, null); x = 1 proc f(c)\n x = Receive(c, null) @ -\n return x", "waits")]
    [InlineData("c = NewChannel(0); t = call f(c); Send(c, 2, null); await t async proc f(c)\n Receive(c, null)\n throw Other", "other")]
    [InlineData("static.a = 0; t = call f(); x = static.a async proc f()\n static.a = 1\n await ?\n static.a = 2", "1", "2")]
    [InlineData("static.a = 0; t = call f(); x = static.a async proc f()\n static.a = 1\n static.a = 2\n await ?", "2")]
    [InlineData("static.a = 0; t = call f(); x = static.a async proc f()\n e = NewEvent(1, 0)\n WaitEvent(e, null)\n static.a = 2", "2")]
    [InlineData("static.a = 0; t = call f(); x = static.a async proc f()\n d = Delay(null)\n await d\n static.a = 2", "0", "2")]
    [InlineData("static.a = 0; t = call f(); x = static.a async proc f()\n d = CompletedTask(1)\n await d\n static.a = 2", "2")]
    [InlineData("static.a = 0; t = call f(); x = static.a async proc f()\n await call unknown()\n static.a = 2", "0", "2")]
    [InlineData("static.a = 0; await call f(); x = static.a async proc f()\n await call unknown()\n static.a = 2", "2")]
    public void Async(string steps, params string[] outcomes) => Gives(steps, outcomes);

    [Theory]
    [InlineData("v = ?; x = 3; if v == 1 else over; if v == 1 else no; goto over; no:; x = 2; over:; x = x", "3")]
    [InlineData("v = ?; x = 3; if v == 1 else no; goto over; no:; if v == 1 else over; x = 2; over:; x = x", "3")]
    [InlineData("v = ?; x = 0; if v < 2 else over; if v < 2 else no; x = 1; goto over; no:; x = 2; over:; x = x", "0", "1")]
    [InlineData("v = ?; x = 0; if v <= 2 else over; if 2 < v else no; x = 1; goto over; no:; x = 2; over:; x = x", "0", "2")]
    [InlineData("v = ?; x = 0; if 2 < v else over; if v == 1 else no; x = 1; goto over; no:; x = 2; over:; x = x", "0", "2")]
    [InlineData("v = ?; x = 3; if v < 2 else over; if 0 < v else over; x = v; over:; x = x", "1", "3")]
    [InlineData("v = ?; x = 0; if v == null else over; if v == null else no; x = 1; goto over; no:; x = 2; over:; x = x", "0", "1")]
    [InlineData("v = ?; w = v; x = 0; if v == 1 else over; x = w; over:; x = x", "0", "1")]
    [InlineData("o = make Thing; Escape(o); o.flag = ?; v = o.flag; x = 0; if v == 1 else over; w = o.flag; x = w; over:; x = x", "0", "1")]
    [InlineData("v = static.flag; x = 0; if v == 1 else over; w = static.flag; x = w; over:; x = x", "0", "1")]
    [InlineData("v = ?; x = 0; if v == 'a' else over; x = v; over:; x = x", "0", "'a'")]
    [InlineData("v = ?; x = 3; if v == 'a' else no; goto over; no:; if v == 'a' else over; x = 2; over:; x = x", "3")]
    [InlineData("o = make Thing; x = 0; if o == ? else over; x = 1; over:; x = x", "0")]
    [InlineData("o = make Thing; Escape(o); x = 0; if o == ? else over; x = 1; over:; x = x", "0", "1")]
    [InlineData("x = 1; if null == 0 else over; x = 2; over:; x = x", "1")]
    [InlineData("o = make Thing; v = o.f; x = 1; if v == 0 else over; if v == null else over; x = 2; over:; x = x", "2")]
    [InlineData("choose two; x = 1; goto over; two:; x = 2; over:; x = x", "1", "2")]
    [InlineData("x = 3 + 1; x = x - 1", "3")]
    [InlineData("x = 3 + 2", "~")]
    [InlineData("t = call f(?); x = 0; if 0 == 0 else over; over:; x = await t async proc f(v)\n if v == 1 else no\n await ?\n return v\nno:\n await ?\n if v == 1 else right\n return 2\nright:\n return 3", "1", "3")]
    public void Unknown_values(string steps, params string[] outcomes) => Gives(steps, outcomes);

    [Theory]
    [InlineData("x = ? + 1", "3")]
    [InlineData("n = 0; again:; if n < ? else over; n = n + 1; goto again; over:; x = n", "2")]
    [InlineData("n = 0; again:; if n < 1000 else over; n = n + 1; goto again; over:; x = 1", "1")]
    [InlineData("l = NewList(); again:; choose over; Add(l, 1); goto again; over:; x = 1", "1")]
    [InlineData("c = NewChannel(-1); again:; choose over; Send(c, 1, null); goto again; over:; x = 1", "1")]
    [InlineData("s = NewSemaphore(1); again:; choose over; ReleaseSemaphore(s, 1); goto again; over:; x = 1", "1")]
    [InlineData("m = NewMap(); again:; choose over; Put(m, ?, 1); goto again; over:; x = 1", "1")]
    [InlineData("again:; o = make Thing; goto again")]
    [InlineData("again:; await ?; goto again")]
    [InlineData("again:; l = NewCancellation(?); CancelAfter(l); goto again")]
    public void Loops_end(string steps, params string[] outcomes) => Gives(steps, outcomes);

    [Fact]
    public void Too_many_processes_are_incomplete()
    {
        var verdict = ModelReader.Explore("""
            proc main()
            again:
              d = delegate worker()
              Start(d)
              goto again
            proc worker()
              e = NewEvent(0, 0)
              WaitEvent(e, null)
            """);
        Assert.False(verdict.IsComplete);
        Assert.Empty(verdict.Findings);
    }

    [Fact]
    public void What_is_certain_is_told_however_many_processes_there_may_be()
    {
        var verdict = ModelReader.Explore("""
            proc main()
              e = NewEvent(0, 0)
            again:
              d = delegate worker(e)
              Start(d)
              choose again
              WaitEvent(e, null) @ main waits
            proc worker(e)
              WaitEvent(e, null) @ worker waits
            """);
        Assert.False(verdict.IsComplete);
        Assert.Equal(["worker waits", "main waits"], verdict.Findings.Select(finding => finding.At.Text).OrderDescending());
    }

    [Fact]
    public void Beyond_the_budget_only_what_is_certain_is_told()
    {
        const string Model = """
            proc main()
              c = NewChannel(0)
              a = NewMonitor()
              d = delegate lost(c)
              Start(d)
              d = delegate busy(a)
              Start(d)
            again:
              Acquire(a)
              Release(a)
              goto again
            proc lost(c)
              Send(c, 1, null)
            proc busy(a)
            again:
              Acquire(a)
              Release(a)
              goto again
            """;
        Assert.Equal("StuckForever", Assert.Single(ModelReader.Explore(Model).Findings).Kind.ToString());
        var verdict = ModelReader.Explore(Model, budget: 2);
        Assert.False(verdict.IsComplete);
        Assert.Empty(verdict.Findings);
    }

    [Fact]
    public void A_deadlock_beyond_the_budget_is_met_on_a_walk()
    {
        const string Model = """
            proc main()
              a = NewMonitor()
              b = NewMonitor()
              m = NewMonitor()
              n = NewMonitor()
              c = NewChannel(1)
              d = delegate there(a, b, m, c)
              Start(d)
              Start(d)
              d = delegate back(b, a, n, c)
              Start(d)
              Start(d)
              d = delegate round(m, n)
              Start(d)
              Start(d)
            proc there(first, second, other, c)
            again:
              Acquire(other)
              Release(other)
              Acquire(first)
              Acquire(second) @ second
              TrySend(c, 1)
              Release(second)
              Release(first)
              Acquire(other)
              Release(other)
              goto again
            proc back(first, second, other, c)
            again:
              Acquire(other)
              Release(other)
              TryReceive(c)
              Acquire(other)
              Release(other)
              Acquire(first)
              Acquire(second) @ second
              Release(second)
              Release(first)
              goto again
            proc round(m, n)
              Acquire(m)
              Acquire(n)
              Release(n)
              Release(m)
            """;
        var verdict = ModelReader.Explore(Model, budget: 1500);
        Assert.False(verdict.IsComplete);
        Assert.Contains("second", verdict.Findings.Select(finding => finding.At.Text));
    }

    [Fact]
    public void Those_who_share_nothing_are_looked_at_one_by_one()
    {
        var verdict = ModelReader.Explore("""
            proc main()
              c = NewChannel(0)
              e = NewChannel(0)
              d = delegate count(c)
              Start(d)
              d = delegate show(c)
              Start(d)
              d = delegate count(e)
              Start(d)
              d = delegate show(e)
              Start(d)
            proc count(c)
              Send(c, 1, null)
              Send(c, 2, null)
              Send(c, 3, null)
            proc show(c)
              Receive(c, null)
              Receive(c, null)
            """);
        Assert.Equal("Send(c, 3, null)", Assert.Single(verdict.Findings).At.Text);
        Assert.True(verdict.States < 12, $"{verdict.States} states");
    }

    [Fact]
    public void A_schedule_is_short_and_names_who_does_what() => Assert.Equal(
        """
        StuckForever: worker 2: Send(c, 1, null)
          main: c = NewChannel(0)
          main: d = delegate worker(c)
          main: Start(d)
          main: the rest
          main: Start(d)
          worker: Send(c, 1, null)
          main: Receive(c, null)

        """.ReplaceLineEndings("\n"),
        ModelText.Print(ModelReader.Explore("""
            proc main()
              c = NewChannel(0)
              d = delegate worker(c)
              Start(d)
              x = 1 @ the rest
              Start(d)
              Receive(c, null)
            proc worker(c)
              Send(c, 1, null)
            """)));

    [Fact]
    public void A_schedule_tells_when_a_delay_is_over() => Assert.Equal(
        """
        StuckForever: main: WaitEvent(e, null)
          main: e = NewEvent(0, 0)
          main: s = NewCancellation()
          main: CancelAfter(s)
          main: t = Delay(null)
          main: t = Delay(null) (is over)
          main: await t
          the clock: CancelAfter(s) (is over)
          main: Receive(c, s)

        """.ReplaceLineEndings("\n"),
        ModelText.Print(ModelReader.Explore("""
            async proc main()
              c = NewChannel(0) @ -
              e = NewEvent(0, 0)
              s = NewCancellation()
              CancelAfter(s)
              t = Delay(null)
              await t
              Receive(c, s) on Cancelled goto lost
            lost:
              WaitEvent(e, null)
            """)));

    [Fact]
    public void Procedures_are_printed_as_they_are_read()
    {
        const string Text = """
            async proc main(r0)
              r1 = NewChannel(0) @ new
            L1:
              if r0 == null else L6 @ test
              r2 = delegate worker(r1) @ made
              r3 = Start(r2) @ start
              r4 = await r3 on Cancelled,Closed goto L1 on Other goto L7 @ wait
              choose L1 end @ -
              goto L7
            L6:
              r4 = stable r0.field @ load
            L7:
              r0.field = 'text' @ store
              r4 = static.field @ load
              r4 = await call virtual worker(r1, ?) @ call
              r4 = invoke r2() @ call
              r4 = r4 + 1 @ add
              return r4 @ end

            """;
        var printed = ModelText.Print(Assert.Single(new ModelReader(Text).Procedures));
        Assert.Equal(Text.ReplaceLineEndings("\n").Replace(" @ -", string.Empty), printed);
    }

    [Fact]
    public void All_is_the_same_each_time()
    {
        var verdicts = Enumerable.Range(0, 3).Select(_ => ModelReader.Explore(ClassicTests.Philosophers)).ToArray();
        Assert.All(verdicts, verdict => Assert.Equal(verdicts[0].States, verdict.States));
        Assert.All(verdicts, verdict => Assert.Equal(ModelText.Print(verdicts[0]), ModelText.Print(verdict)));
    }
}
