using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC2010_SpinTests() : RuleTest("SLC2010")
{
    [Theory]
    [InlineData("int n; while (![|r.TryRead(out n)|]) { }")]
    [InlineData("int n; while (![|r.TryRead(out n)|]) ;")]
    [InlineData("int n; while (![|r.TryRead(out n)|]) { Thread.Yield(); }")]
    [InlineData("int n; while (![|r.TryRead(out n)|]) { Thread.SpinWait(20); }")]
    [InlineData("int n; while (![|r.TryRead(out n)|]) { Thread.Sleep(0); }")]
    [InlineData("while (![|w.TryWrite(1)|]) { }")]
    [InlineData("while (true) { if ([|r.TryRead(out var n)|]) { Handle(n); } }")]
    [InlineData("for (;;) { if ([|r.TryRead(out var n)|]) { Handle(n); } }")]
    [InlineData("while (!token.IsCancellationRequested) { if ([|r.TryRead(out var n)|]) { Handle(n); } }")]
    [InlineData("while (!token.IsCancellationRequested) { if (![|r.TryRead(out var n)|]) { continue; } await Task.Delay(n); }")]
    [InlineData("while (true) { token.ThrowIfCancellationRequested(); if ([|r.TryRead(out var n)|]) { await Task.Delay(n); } }")]
    [InlineData("bool ok; do { ok = [|w.TryWrite(1)|]; } while (!ok);")]
    [InlineData("var done = false; while (!done) { done = [|w.TryWrite(1)|]; }")]
    [InlineData("while (!r.Completion.IsCompleted) { while ([|r.TryRead(out var n)|]) { Handle(n); } }")]
    public Task Reports_a_loop_that_waits_for_nothing(string code) => Reports(In(code));

    [Theory]
    [InlineData("while (r.TryRead(out var n)) { Handle(n); }")]
    [InlineData("while (await r.WaitToReadAsync()) { while (r.TryRead(out var n)) { Handle(n); } }")]
    [InlineData("while (await w.WaitToWriteAsync()) { if (w.TryWrite(1)) { break; } }")]
    [InlineData("while (true) { if (r.TryRead(out var n)) { Handle(n); } else { await Task.Delay(10); } }")]
    [InlineData("while (!r.TryRead(out var n)) { await Task.Yield(); }")]
    [InlineData("while (!r.TryRead(out var n)) { Thread.Sleep(10); }")]
    [InlineData("var spin = new SpinWait(); while (!r.TryRead(out var n)) { spin.SpinOnce(); }")]
    [InlineData("while (true) { if (!r.TryRead(out var n)) { break; } Handle(n); }")]
    [InlineData("while (true) { if (!r.TryRead(out var n)) { return; } Handle(n); }")]
    [InlineData("while (!w.TryWrite(1)) { if (!await w.WaitToWriteAsync()) { break; } }")]
    [InlineData("while (true) { if (r.TryRead(out var n)) { Handle(n); } else if (!await r.WaitToReadAsync(token)) { break; } }")]
    [InlineData("for (int i = 0; i < 10; i++) { if (r.TryRead(out var n)) { Handle(n); } }")]
    [InlineData("for (int i = 0; i < 10 && r.TryRead(out var n); i++) { Handle(n); }")]
    [InlineData("foreach (var other in new[] { r, r }) { if (other.TryRead(out var n)) { Handle(n); } }")]
    [InlineData("while (!c.Writer.TryWrite(1)) { c.Reader.TryRead(out _); }")]
    [InlineData("while (true) { if (r.TryRead(out var n)) { Handle(n); } Idle(); }")]
    [InlineData("while (true) { while (r.TryRead(out var n)) { Handle(n); } await Task.Delay(10); }")]
    public Task Silent_where_it_waits_or_ends(string code) => Silent(In(code));

    [Fact]
    public Task Reports_a_Chan() => Reports("""
        using Sluice;
        class C
        {
            int M(Chan<int> c) { int n; while (![|c.TryReceive(out n)|]) { } while (![|c.TrySend(1)|]) { } return n; }
        }
        """, Setup.WithPlumbing);

    [Theory]
    [InlineData("while (![|w.TryWrite(1)|])\n        {\n        }", "await w.WriteAsync(1);")]
    [InlineData("while (![|r.TryRead(out var n)|]) { Thread.Yield(); }", "var n = await r.ReadAsync();")]
    [InlineData("while (true)\n        {\n            if ([|r.TryRead(out var n)|]) { Handle(n); }\n        }", "while (await r.WaitToReadAsync())\n        {\n            if (r.TryRead(out var n)) { Handle(n); }\n        }")]
    public Task Fixes_by_waiting(string before, string after) => Fixes(In(before), In(after));

    private static string In(string code) => $$"""
        class C
        {
            async Task M(Channel<int> c, ChannelReader<int> r, ChannelWriter<int> w, CancellationToken token)
            {
                {{code}}
            }

            static void Handle(int n) { Console.WriteLine(n); }
            static void Idle() { }
        }
        """;

    [Fact]
    public Task Silent_where_it_goes_when_no_channel_had_anything() => Silent("""
        class C
        {
            async Task Run(ChannelReader<int> urgent, ChannelReader<int> others, List<int> batch)
            {
                await others.WaitToReadAsync();
                while (true)
                {
                    bool any = false;
                    if (urgent.TryRead(out int item)) { batch.Add(item); any = true; }
                    if (others.TryRead(out item)) { batch.Add(item); any = true; }
                    if (!any) { break; }
                }
            }
        }
        """);
}
