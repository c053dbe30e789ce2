using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC1001_NoTokenParameterTests() : RuleTest("SLC1001")
{
    [Theory]
    [InlineData("public async Task [|M|]() { await Task.Delay(1); }")]
    [InlineData("public async Task<string> [|M|](System.Net.Http.HttpClient client) => await client.GetStringAsync(\"x\");")]
    [InlineData("internal static async ValueTask [|M|](Stream stream) { await stream.FlushAsync().ConfigureAwait(false); }")]
    [InlineData("public async Task [|M|](SemaphoreSlim gate) { await gate.WaitAsync(); }")]
    [InlineData("public async Task [|M|](Channel<int> channel) { await channel.Writer.WriteAsync(1); }")]
    [InlineData("public async Task [|M|]() { await Own(); } private Task Own(CancellationToken ct = default) => Task.Delay(1, ct);")]
    public Task Reports_a_method_that_callers_cannot_cancel(string member) => Reports(In(member));

    [Theory]
    [InlineData("public async Task M(CancellationToken ct) { await Task.Delay(1); }")]
    [InlineData("private async Task M() { await Task.Delay(1); }")]
    [InlineData("protected async Task M() { await Task.Delay(1); }")]
    [InlineData("public async Task M() { await Task.Yield(); await Task.CompletedTask; }")]
    [InlineData("public async Task M(Func<Task> work) { await work(); }")]
    [InlineData("public async Task M(object sender, EventArgs e) { await Task.Delay(1); }")]
    [InlineData("public async void M() { await Task.Delay(1); }")]
    [InlineData("public static async Task Main() { await Task.Delay(1); }")]
    [InlineData("public virtual async Task M() { await Task.Delay(1); }")]
    [InlineData("public async Task StopAsync() { await Task.Delay(1); }")]
    [InlineData("public async Task M() { try { await Task.Yield(); } finally { await Task.Delay(1); } }")]
    [InlineData("public async Task M() { await Task.Delay(1, CancellationToken.None); }")]
    [InlineData("public async Task M() => await M(default); public async Task M(CancellationToken ct) => await Task.Delay(1, ct);")]
    [InlineData("private readonly CancellationTokenSource _life = new(); public async Task M() { await Task.Delay(1); }")]
    [InlineData("public async Task M(Context context) { await Task.Delay(1); }")]
    [InlineData("public Func<Task> M() => async () => await Task.Delay(1);")]
    [InlineData("public Task M() => Task.Delay(1);")]
    [InlineData("public async Task<int> M() { var one = Channel.CreateBounded<int>(1); await one.Writer.WriteAsync(1); return await one.Reader.ReadAsync(); }")]
    [InlineData("public async Task M(SemaphoreSlim gate) { await gate.WaitAsync(); try { await Task.Yield(); } finally { gate.Release(); } }")]
    public Task Silent_where_nobody_would_pass_one_or_it_comes_another_way(string member) => Silent(In(member));

    [Fact]
    public Task Silent_for_what_has_to_fit_and_for_tests_and_controllers() => Silent("""
        class FactAttribute : Attribute { }
        class HttpGetAttribute : Attribute { }
        public interface IStore { Task Save(); }
        public class Store : IStore, IAsyncDisposable
        {
            public async Task Save() { await Task.Delay(1); }
            public async ValueTask DisposeAsync() { await Task.Delay(1); }
        }

        public class Tests { [Fact] public async Task Works() { await Task.Delay(1); } public async Task Helper() { await Task.Delay(1); } }
        public class Endpoint { [HttpGet] public async Task Get() { await Task.Delay(1); } }
        public class ControllerBase { }
        public class Home : ControllerBase { public async Task Get() { await Task.Delay(1); } }
        public abstract class Base { public abstract Task Run(); }
        public class Derived : Base { public override async Task Run() { await Task.Delay(1); } }
        public class Outer { private class Inner { public async Task Run() { await Task.Delay(1); } } }
        """);

    [Fact]
    public Task Fixes_with_an_optional_parameter() => Fixes(
        """
        public class C
        {
            public async Task [|M|](
                Stream stream,
                int n)
            {
                await Task.Delay(n);
                await stream.WriteAsync(
                    new byte[1]);
                await stream.FlushAsync().ConfigureAwait(false);
            }

            public async Task N(CancellationToken ct) => await M(Stream.Null, 1);
        }
        """,
        """
        public class C
        {
            public async Task M(
                Stream stream,
                int n,
                CancellationToken cancellationToken = default)
            {
                await Task.Delay(n, cancellationToken);
                await stream.WriteAsync(
                    new byte[1], cancellationToken);
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            public async Task N(CancellationToken ct) => await M(Stream.Null, 1);
        }
        """);

    [Fact]
    public Task Not_fixed_where_it_is_used_as_a_delegate() => NotFixed("""
        public class C
        {
            public async Task [|M|]() { await Task.Delay(1); }
            public Func<Task> Get() => M;
        }
        """);

    [Fact]
    public Task Reports_what_ends_something_else_than_its_object() => Reports("""
        public class C
        {
            public async Task [|CancelOrderAsync|](string order) => await File.WriteAllTextAsync(order, "cancelled");
            public async Task CloseAsync() => await File.WriteAllTextAsync("state", "closed");
            public async Task StopAllAsync(bool force) => await File.WriteAllTextAsync("state", "closed");
        }
        """);

    private static string In(string member) => $$"""
        public class Context { public CancellationToken Aborted => default; }
        public class C { {{member}} }
        """;
}
