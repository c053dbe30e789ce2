using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC1006_RegistrationDroppedTests() : RuleTest("SLC1006")
{
    [Theory]
    [InlineData("[|ct.Register(() => { })|];")]
    [InlineData("_ = [|ct.UnsafeRegister(_ => { }, null)|];")]
    [InlineData("var registration = [|ct.Register(() => { })|];")]
    [InlineData("[|_token.Register(() => { })|];")]
    [InlineData("[|source.Token.Register(() => { })|];")]
    [InlineData("[|context.Aborted.Register(() => { })|];")]
    [InlineData("var token = ct; [|token.Register(() => { })|];")]
    [InlineData("Action work = () => [|ct.Register(() => { })|]; work();")]
    public Task Reports_a_dropped_registration(string statement) => Reports(In(statement));

    [Theory]
    [InlineData("using var registration = ct.Register(() => { });")]
    [InlineData("using (ct.Register(() => { })) { }")]
    [InlineData("using (var registration = ct.Register(() => { })) { }")]
    [InlineData("_registration = ct.Register(() => { });")]
    [InlineData("var registration = ct.Register(() => { }); registration.Dispose();")]
    [InlineData("using var own = new CancellationTokenSource(); own.Token.Register(() => { });")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); var token = linked.Token; token.Register(() => { });")]
    [InlineData("context.ApplicationStopping.Register(() => { });")]
    [InlineData("context.Register(() => { });")]
    public Task Silent_where_it_is_kept_or_ends_with_the_token(string statement) => Silent(In(statement));

    [Fact]
    public Task Silent_in_what_runs_once() => Silent("""
        class Service { protected Task ExecuteAsync(CancellationToken stop) { stop.Register(() => Console.WriteLine("stops")); return Task.CompletedTask; } }
        """);

    [Fact]
    public Task Fixes_with_a_using_where_something_is_awaited() => Fixes(
        """
        class C
        {
            async Task M(TaskCompletionSource done, CancellationToken ct)
            {
                [|ct.Register(() => done.TrySetCanceled())|]; // ends it
                await done.Task;
            }
        }
        """,
        """
        class C
        {
            async Task M(TaskCompletionSource done, CancellationToken ct)
            {
                using var registration = ct.Register(() => done.TrySetCanceled()); // ends it
                await done.Task;
            }
        }
        """);

    [Fact]
    public Task Not_fixed_where_the_callback_outlives_the_code() => NotFixed("""
        class C
        {
            Task M(TaskCompletionSource done, CancellationToken ct)
            {
                [|ct.Register(() => done.TrySetCanceled())|];
                return done.Task;
            }
        }
        """);

    [Fact]
    public Task Reports_in_a_method_that_is_run_with_more_than_a_token() => Reports("""
        class C
        {
            public async Task RunAsync(string file, CancellationToken ct) { var registration = [|ct.Register(() => File.Delete(file))|]; await Task.Delay(1, ct); }
            public async Task RunAsync(CancellationToken stopping) { stopping.Register(() => File.Delete("a")); await Task.Delay(1, stopping); }
        }
        """);

    private static string In(string statement) => $$"""
        class Context { public CancellationToken Aborted => default; public CancellationToken ApplicationStopping => default; public void Register(Action work) { } }
        class C
        {
            private readonly CancellationToken _token;
            private CancellationTokenRegistration _registration;
            void M(CancellationToken ct, CancellationTokenSource source, Context context) { {{statement}} }
        }
        """;
}
