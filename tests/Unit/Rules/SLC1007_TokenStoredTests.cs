using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC1007_TokenStoredTests() : RuleTest("SLC1007")
{
    [Theory]
    [InlineData("private CancellationToken [|_ct|]; public Task Open(CancellationToken ct) { _ct = ct; return Task.CompletedTask; } public Task Save() => Task.Delay(1, _ct);")]
    [InlineData("private readonly CancellationToken [|_ct|]; public C(CancellationToken ct) { _ct = ct; } public Task Load() => Task.Delay(1, _ct); public Task Save() => Task.Delay(1, _ct);")]
    [InlineData("private readonly CancellationToken [|_ct|]; public C(CancellationToken ct) => _ct = ct; public async Task<int> Load() { await Task.Delay(1, _ct); return 1; } public async Task Save() => await Task.Delay(1, _ct);")]
    [InlineData("public CancellationToken [|Token|] { get; private set; } public void Begin(CancellationToken token) => Token = token;")]
    [InlineData("private CancellationToken [|_ct|]; internal void Use(CancellationToken ct) => this._ct = ct;")]
    public Task Reports_the_token_of_a_call_in_a_field(string members) => Reports($"class C {{ {members} }}");

    [Fact]
    public Task Reports_the_token_of_a_primary_constructor() => Reports("""
        class C(CancellationToken ct)
        {
            private readonly CancellationToken [|_ct|] = ct;
            public Task Load() => Task.Delay(1, _ct);
            public Task Save() => Task.Delay(1, _ct);
        }
        """);

    [Theory]
    [InlineData("class C { private readonly CancellationTokenSource _life = new(); private readonly CancellationToken _ct; public C() => _ct = _life.Token; public Task Load() => Task.Delay(1, _ct); public Task Save() => Task.Delay(1, _ct); }")]
    [InlineData("struct C { private readonly CancellationToken _ct; public C(CancellationToken ct) => _ct = ct; public Task Load() => Task.Delay(1, _ct); public Task Save() => Task.Delay(1, _ct); }")]
    [InlineData("record C(CancellationToken Ct) { public Task Load() => Task.Delay(1, Ct); public Task Save() => Task.Delay(1, Ct); }")]
    [InlineData("class RequestContext { private CancellationToken _ct; public void Use(CancellationToken ct) => _ct = ct; public CancellationToken Ct => _ct; }")]
    [InlineData("class LoadOptions { public CancellationToken Token { get; set; } }")]
    [InlineData("class Download { private readonly CancellationToken _ct; public Download(CancellationToken ct) => _ct = ct; public Task Run() => Task.Delay(1, _ct); }")]
    [InlineData("class Outer { private class Inner { private CancellationToken _ct; public void Use(CancellationToken ct) => _ct = ct; public bool Over => _ct.IsCancellationRequested; } }")]
    [InlineData("class Numbers : IAsyncEnumerable<int> { private CancellationToken _ct; public void Use(CancellationToken ct) => _ct = ct; public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken ct) { _ct = ct; throw new NotSupportedException(_ct.ToString()); } }")]
    [InlineData("class BackgroundService { } class Worker : BackgroundService { private CancellationToken _stop; public void Use(CancellationToken stop) => _stop = stop; public bool Over => _stop.IsCancellationRequested; }")]
    [InlineData("class C { public CancellationToken Token { get; } = CancellationToken.None; public Task Load() => Task.Delay(1, Token); public Task Save() => Task.Delay(1, Token); }")]
    public Task Silent_where_the_object_lives_as_long_as_the_token(string source) => Silent(source);
}
