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
