using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC2008_WaitsForItselfTests() : RuleTest("SLC2008")
{
    [Theory]
    [InlineData("0", "await [|c.Writer.WriteAsync(1)|]; return await c.Reader.ReadAsync();")]
    [InlineData("0", "[|c.Writer.WriteAsync(1)|].AsTask().Wait(); c.Reader.TryRead(out var n); return n;")]
    [InlineData("0", "foreach (var n in source) { await [|c.Writer.WriteAsync(n)|]; } c.Writer.Complete(); await foreach (var n in c.Reader.ReadAllAsync()) { return n; } return 0;")]
    [InlineData("0", "await [|Send(c.Writer)|]; return await c.Reader.ReadAsync();")]
    [InlineData("1", "await c.Writer.WriteAsync(1); await [|c.Writer.WriteAsync(2)|]; return await c.Reader.ReadAsync();")]
    [InlineData("new BoundedChannelOptions(2)", "await c.Writer.WriteAsync(1); await c.Writer.WriteAsync(2); await [|c.Writer.WriteAsync(3)|]; return await c.Reader.ReadAsync();")]
    [InlineData("4", "for (int i = 0; i < 5; i++) { await [|c.Writer.WriteAsync(i)|]; } return await c.Reader.ReadAsync();")]
    [InlineData("4", "foreach (var n in source) { await [|c.Writer.WriteAsync(n)|]; } c.Writer.Complete(); int sum = 0; await foreach (var n in c.Reader.ReadAllAsync()) { sum += n; } return sum;")]
    [InlineData("4", "var n = await [|c.Reader.ReadAsync()|]; await c.Writer.WriteAsync(n); return n;")]
    [InlineData("4", "await foreach (var n in [|c.Reader.ReadAllAsync()|]) { Console.WriteLine(n); } await c.Writer.WriteAsync(1); c.Writer.Complete(); return 0;")]
    [InlineData("0", "return await Task.Run(async () => { await [|c.Writer.WriteAsync(1)|]; return await c.Reader.ReadAsync(); });")]
    public Task Reports_a_task_that_waits_for_itself(string capacity, string code) => Reports(In(capacity, code));

    [Theory]
    [InlineData("0", "var send = c.Writer.WriteAsync(1).AsTask(); var n = await c.Reader.ReadAsync(); await send; return n;")]
    [InlineData("0", "_ = Task.Run(async () => await c.Writer.WriteAsync(1)); return await c.Reader.ReadAsync();")]
    [InlineData("0", "_ = Send(c.Writer); return await c.Reader.ReadAsync();")]
    [InlineData("0", "var read = c.Reader.ReadAsync().AsTask(); await c.Writer.WriteAsync(1); return await read;")]
    [InlineData("1", "await c.Writer.WriteAsync(1); return await c.Reader.ReadAsync();")]
    [InlineData("1", "await c.Writer.WriteAsync(1); await c.Reader.ReadAsync(); await c.Writer.WriteAsync(1); return await c.Reader.ReadAsync();")]
    [InlineData("8", "for (int i = 0; i < 8; i++) { await c.Writer.WriteAsync(i); } return await c.Reader.ReadAsync();")]
    [InlineData("1", "foreach (var n in source) { await c.Writer.WriteAsync(n); await c.Reader.ReadAsync(); } return 0;")]
    [InlineData("new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest }", "await c.Writer.WriteAsync(1); await c.Writer.WriteAsync(2); return await c.Reader.ReadAsync();")]
    [InlineData("int.Parse(\"3\")", "foreach (var n in source) { await c.Writer.WriteAsync(n); } return await c.Reader.ReadAsync();")]
    [InlineData("1", "while (true) { if (c.Reader.TryRead(out var n)) { return n; } await c.Writer.WriteAsync(1); }")]
    [InlineData("0", "Others.Know(c.Reader); await c.Writer.WriteAsync(1); return await c.Reader.ReadAsync();")]
    [InlineData("0", "var reader = Task.Run(async () => { await foreach (var n in c.Reader.ReadAllAsync()) { } }); foreach (var n in source) { await c.Writer.WriteAsync(n); } c.Writer.Complete(); await reader; return 0;")]
    public Task Silent_where_somebody_else_serves_it(string capacity, string code) => Silent(In(capacity, code));

    [Fact]
    public Task Reports_a_Chan() => Reports("""
        using Sluice;
        class C
        {
            async Task M() { var c = new Chan<int>(); await [|c.SendAsync(1)|]; await c.ReceiveAsync(); }
            async Task N() { var c = new Chan<int>(2); await c.SendAsync(1); await c.SendAsync(1); await c.ReceiveAsync(); }
        }
        """, Setup.WithPlumbing);

    private static string In(string capacity, string code) => $$"""
        class C
        {
            async Task<int> M(IEnumerable<int> source)
            {
                var c = Channel.CreateBounded<int>({{capacity}});
                await Task.Yield();
                {{code}}
            }

            static async Task Send(ChannelWriter<int> w) { await w.WriteAsync(1); }
        }
        static class Others { public static Action<ChannelReader<int>> Know = _ => { }; }
        """;
}
