using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC2013_NeverMeetTests() : RuleTest("SLC2013")
{
    [Theory]
    [InlineData("0", "while (await [|c.Writer.WaitToWriteAsync()|]) { if (c.Writer.TryWrite(1)) { break; } }", "while (await c.Reader.WaitToReadAsync()) { while (c.Reader.TryRead(out var n)) { } }")]
    [InlineData("0", "if (await [|c.Writer.WaitToWriteAsync()|]) { c.Writer.TryWrite(1); }", "await foreach (var n in c.Reader.ReadAllAsync()) { }")]
    [InlineData("new BoundedChannelOptions(0)", "if (await [|c.Writer.WaitToWriteAsync()|]) { c.Writer.TryWrite(1); }", "await c.Reader.WaitToReadAsync(); c.Reader.TryRead(out _);")]
    [InlineData("0", "await Send(c.Writer);", "await c.Reader.WaitToReadAsync(); c.Reader.TryRead(out _);", "static async Task Send(ChannelWriter<int> w) { while (await [|w.WaitToWriteAsync()|]) { w.TryWrite(1); } }")]
    public Task Reports_ends_that_only_wait(string capacity, string sender, string receiver, string members = "") => Reports(In(capacity, sender, receiver, members));

    [Theory]
    [InlineData("1", "if (await c.Writer.WaitToWriteAsync()) { c.Writer.TryWrite(1); }", "await c.Reader.WaitToReadAsync();")]
    [InlineData("0", "await c.Writer.WriteAsync(1);", "await c.Reader.WaitToReadAsync(); c.Reader.TryRead(out _);")]
    [InlineData("0", "if (await c.Writer.WaitToWriteAsync()) { c.Writer.TryWrite(1); }", "await c.Reader.ReadAsync();")]
    [InlineData("0", "if (await c.Writer.WaitToWriteAsync()) { await c.Writer.WriteAsync(1); }", "await c.Reader.WaitToReadAsync();")]
    [InlineData("0", "if (await c.Writer.WaitToWriteAsync()) { c.Writer.TryWrite(1); }", "await c.Reader.WaitToReadAsync(); Others.Know(c);")]
    [InlineData("int.Parse(\"0\")", "if (await c.Writer.WaitToWriteAsync()) { c.Writer.TryWrite(1); }", "await c.Reader.WaitToReadAsync();")]
    public Task Silent_where_one_offers(string capacity, string sender, string receiver) => Silent(In(capacity, sender, receiver, "abstract class Others { public static Action<Channel<int>> Know = _ => { }; }"));

    [Fact]
    public Task Reports_a_field() => Reports("""
        class C
        {
            private readonly Channel<int> _c = Channel.CreateBounded<int>(0);
            async Task Send(int n) { while (await [|_c.Writer.WaitToWriteAsync()|]) { if (_c.Writer.TryWrite(n)) { return; } } }
            async Task Receive() { await foreach (var n in _c.Reader.ReadAllAsync()) { Console.WriteLine(n); } }
        }
        """);

    private static string In(string capacity, string sender, string receiver, string members) => $$"""
        class C
        {
            async Task M()
            {
                var c = Channel.CreateBounded<int>({{capacity}});
                var task = Task.Run(async () => { {{receiver}} });
                {{sender}}
                await task;
            }

            {{members}}
        }
        """;
}
