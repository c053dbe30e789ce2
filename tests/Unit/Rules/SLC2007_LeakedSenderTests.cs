using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC2007_LeakedSenderTests() : RuleTest("SLC2007")
{
    [Theory]
    [InlineData("0", "_ = Task.Run(async () => await [|c.Writer.WriteAsync(await Fetch())|]); var ready = c.Reader.WaitToReadAsync().AsTask(); if (await Task.WhenAny(ready, Task.Delay(9)) != ready) { throw new TimeoutException(); } return await c.Reader.ReadAsync();")]
    [InlineData("0", "_ = Task.Run(async () => await [|c.Writer.WriteAsync(await Fetch())|]); var ready = c.Reader.WaitToReadAsync().AsTask(); if (await Task.WhenAny(ready, Task.Delay(9)) == ready) { return await c.Reader.ReadAsync(); } return 0;")]
    [InlineData("0", "_ = Send(c.Writer); if (early) { return 0; } return await c.Reader.ReadAsync();")]
    [InlineData("0", "_ = Send(c.Writer); await c.Reader.WaitToReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(1)); return await c.Reader.ReadAsync();")]
    [InlineData("0", "_ = Send(c.Writer); return await c.Reader.ReadAsync(token);")]
    [InlineData("0", "_ = Task.Run(async () => { for (int i = 0; ; i++) { await [|c.Writer.WriteAsync(i)|]; } }); return await c.Reader.ReadAsync();")]
    [InlineData("4", "_ = Task.Run(async () => { for (int i = 0; ; i++) { await [|c.Writer.WriteAsync(i)|]; } }); await foreach (var n in c.Reader.ReadAllAsync()) { if (n > 9) { break; } } return 0;")]
    [InlineData("0", "_ = Task.Run(async () => { for (int i = 0; i < 9; i++) { await [|c.Writer.WriteAsync(i)|]; } c.Writer.Complete(); }); await foreach (var n in c.Reader.ReadAllAsync()) { if (n > 9) { return n; } } return 0;")]
    [InlineData("0", "_ = Task.Run(async () => { for (int i = 0; i < 9; i++) { await [|c.Writer.WriteAsync(i)|]; } c.Writer.Complete(); }); await foreach (var n in c.Reader.ReadAllAsync()) { if (n > 9) { throw new Exception(); } } return 0;")]
    public Task Reports_a_sender_that_stays_behind(string capacity, string code) => Reports(In(capacity, code, code.Contains("Send(c.Writer)", System.StringComparison.Ordinal) ? "[|w.WriteAsync(1)|]" : "w.WriteAsync(1)"));

    [Theory]
    [InlineData("1", "_ = Send(c.Writer); if (early) { return 0; } return await c.Reader.ReadAsync();")]
    [InlineData("0", "_ = Send(c.Writer); return await c.Reader.ReadAsync();")]
    [InlineData("0", "_ = Task.Run(async () => await c.Writer.WriteAsync(1, token)); if (early) { return 0; } return await c.Reader.ReadAsync();")]
    [InlineData("0", "_ = Task.Run(async () => { for (int i = 0; i < 9; i++) { await c.Writer.WriteAsync(i); } c.Writer.Complete(); }); int sum = 0; await foreach (var n in c.Reader.ReadAllAsync()) { sum += n; } return sum;")]
    [InlineData("0", "using var stop = new CancellationTokenSource(); _ = Task.Run(async () => { for (int i = 0; ; i++) { await c.Writer.WriteAsync(i, stop.Token); } }); await foreach (var n in c.Reader.ReadAllAsync()) { if (n > 9) { break; } } stop.Cancel(); return 0;")]
    [InlineData("0", "_ = Task.Run(async () => { for (int i = 0; ; i++) { await c.Writer.WriteAsync(i); } }); await foreach (var n in c.Reader.ReadAllAsync()) { if (n > 9) { break; } } c.Writer.TryComplete(); return 0;")]
    [InlineData("0", "_ = Task.Run(async () => { for (int i = 0; i < 9; i++) { await c.Writer.WriteAsync(i); } c.Writer.Complete(); }); await foreach (var n in c.Reader.ReadAllAsync()) { if (n > 9) { break; } } await foreach (var n in c.Reader.ReadAllAsync()) { } return 0;")]
    [InlineData("0", "if (early) { return 0; } _ = Send(c.Writer); return await c.Reader.ReadAsync();")]
    [InlineData("0", "_ = Send(c.Writer); Others.Know(c.Reader); if (early) { return 0; } return await c.Reader.ReadAsync();")]
    [InlineData("0", "_ = Task.Run(async () => { while (c.Writer.TryWrite(1)) { await Task.Yield(); } }); if (early) { return 0; } return await c.Reader.ReadAsync();")]
    [InlineData("0", "for (int i = 0; i < 4; i++) { _ = Send(c.Writer); } int sum = 0; for (int i = 0; i < 4; i++) { sum += await c.Reader.ReadAsync(); } return sum;")]
    public Task Silent_where_the_sender_can_end(string capacity, string code) => Silent(In(capacity, code));

    [Fact]
    public Task Fixes_by_room_for_one() => Fixes(
        In("0", "_ = Send(c.Writer); _ = Task.Run(async () => await [|c.Writer.WriteAsync(1)|]); if (early) { return 0; } return await c.Reader.ReadAsync();", "Task.Delay(1)"),
        In("1", "_ = Send(c.Writer); _ = Task.Run(async () => await c.Writer.WriteAsync(1)); if (early) { return 0; } return await c.Reader.ReadAsync();", "Task.Delay(1)"));

    [Theory]
    [InlineData("_ = Task.Run(async () => await #c.Writer.WriteAsync(1@)#); return await c.Reader.ReadAsync(token);", "token")]
    [InlineData("var limit = CancellationTokenSource.CreateLinkedTokenSource(token); limit.CancelAfter(9); _ = Task.Run(async () => await #c.Writer.WriteAsync(await Fetch()@)#); return await c.Reader.ReadAsync(limit.Token);", "limit.Token")]
    [InlineData("var stop = new CancellationTokenSource(); _ = Task.Run(async () => { for (int i = 0; ; i++) { await #c.Writer.WriteAsync(i@)#; } }); await foreach (var n in c.Reader.ReadAllAsync()) { if (n > 9) { stop.Cancel(); break; } } return 0;", "stop.Token")]
    [InlineData("using var stop = new CancellationTokenSource(); var stopped = stop.Token; var sender = Task.Run(async () => { for (int i = 0; ; i++) { await #c.Writer.WriteAsync(i@)#; } }); await foreach (var n in c.Reader.ReadAllAsync()) { if (n > 9) { break; } } await stop.CancelAsync(); return 0;", "stopped")]
    [InlineData("var stop = new CancellationTokenSource(); _ = Task.Run(async () => { for (int i = 0; ; i++) { await #c.Writer.WriteAsync(i@)#; } }); try { return await c.Reader.ReadAsync(); } finally { stop.Cancel(); }", "stop.Token")]
    [InlineData("_ = Task.Run(async () => { for (int i = 0; ; i++) { await #c.Writer.WriteAsync(i@)#; } }); await foreach (var n in c.Reader.ReadAllAsync(token)) { if (token.IsCancellationRequested) { break; } } return 0;", "token")]
    [InlineData("var stop = new CancellationTokenSource(); _ = Task.Run(async () => await #c.Writer.WriteAsync(1@)#); if (early) { stop.Cancel(); return 0; } return await c.Reader.ReadAsync();", "stop.Token")]
    public Task Fixes_by_a_token_that_the_receiver_cancels_or_shares(string code, string token) => FixesAndLeavesNothing(
        In("0", Marked(code, string.Empty)),
        In("0", code.Replace("#", string.Empty, System.StringComparison.Ordinal).Replace("@", ", " + token, System.StringComparison.Ordinal)),
        new() { FixKey = "SLC2007.token" });

    [Fact]
    public Task Fixes_by_the_token_that_the_sender_is_given() => Fixes(
        Given("[|w.WriteAsync(1)|]"),
        Given("w.WriteAsync(1, stopping)"),
        new() { FixKey = "SLC2007.token" });

    [Theory]
    [InlineData("_ = Task.Run(async () => { for (int i = 0; ; i++) { await #c.Writer.WriteAsync(i@)#; } }); await foreach (var n in c.Reader.ReadAllAsync(token)) { if (n > 9) { break; } } return 0;")]
    [InlineData("using var stop = new CancellationTokenSource(); _ = Task.Run(async () => { for (int i = 0; ; i++) { await #c.Writer.WriteAsync(i@)#; } }); await foreach (var n in c.Reader.ReadAllAsync()) { if (n > 9) { break; } } return 0;")]
    [InlineData("using var stop = new CancellationTokenSource(); _ = Task.Run(async () => { for (int i = 0; ; i++) { await #c.Writer.WriteAsync(i@)#; } }); await foreach (var n in c.Reader.ReadAllAsync()) { if (n > 9) { stop.Cancel(); break; } if (n > 8) { return 1; } } return 0;")]
    [InlineData("using var stop = new CancellationTokenSource(); var sender = Task.Run(async () => { for (int i = 0; ; i++) { await #c.Writer.WriteAsync(i@)#; } }); await foreach (var n in c.Reader.ReadAllAsync()) { if (n > 9) { stop.Cancel(); break; } } return 0;")]
    [InlineData("using var stop = new CancellationTokenSource(99); _ = Task.Run(async () => { for (int i = 0; ; i++) { await #c.Writer.WriteAsync(i@)#; } }); await foreach (var n in c.Reader.ReadAllAsync()) { if (n > 9) { stop.Cancel(); break; } } return 0;")]
    [InlineData("_ = Task.Run(static async () => { var c = Channel.CreateBounded<int>(0); _ = Task.Run(async () => await #c.Writer.WriteAsync(1@)#); var stop = new CancellationTokenSource(9); return await c.Reader.ReadAsync(stop.Token); }); return await c.Reader.ReadAsync();")]
    public Task Reports_without_a_token_that_ends_with_every_receiver(string code) => NotFixed(In("2", Marked(code, string.Empty)));

    private static string Marked(string code, string argument)
    {
        string[] parts = code.Replace("@", argument, System.StringComparison.Ordinal).Split('#');
        return $"{parts[0]}[|{parts[1]}|]{parts[2]}";
    }

    private static string Given(string send) => $$"""
        class C
        {
            async Task<int> M(CancellationToken token)
            {
                var c = Channel.CreateBounded<int>(0);
                var sending = Send(c.Writer, token);
                return await c.Reader.ReadAsync(token);
            }

            static async Task Send(ChannelWriter<int> w, CancellationToken stopping) { await Task.Delay(9, stopping); await {{send}}; }
        }
        """;

    private static string In(string capacity, string code, string send = "w.WriteAsync(1)") => $$"""
        class C
        {
            async Task<int> M(bool early, CancellationToken token)
            {
                var c = Channel.CreateBounded<int>({{capacity}});
                {{code}}
            }

            static Task<int> Fetch() => Task.FromResult(1);
            static async Task Send(ChannelWriter<int> w) { await {{send}}; }
        }
        static class Others { public static Action<ChannelReader<int>> Know = _ => { }; }
        """;
}
