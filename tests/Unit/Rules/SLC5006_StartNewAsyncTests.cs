using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC5006_StartNewAsyncTests() : RuleTest("SLC5006")
{
    [Fact]
    public Task Reports_an_async_lambda() => Reports("""
        class C { async Task M() { await [|Task.Factory.StartNew(async () => await Task.Delay(1))|]; } }
        """);

    [Fact]
    public Task Reports_a_dropped_one() => Reports("""
        class C { void M() { _ = [|Task.Factory.StartNew(async () => { await Task.Delay(1); }, TaskCreationOptions.LongRunning)|]; } }
        """);

    [Fact]
    public Task Reports_a_method_group_and_a_lambda_that_returns_a_task() => Reports("""
        class C
        {
            Task _all;
            void M()
            {
                _all = [|Task.Factory.StartNew(Work)|];
                [|Task.Factory.StartNew(() => Work())|].Wait();
            }

            async Task Work() => await Task.Yield();
        }
        """);

    [Fact]
    public Task Reports_a_result_of_async_code_that_is_held_and_awaited_once() => Reports("""
        class C
        {
            async Task M(List<Task> tasks)
            {
                var one = [|Task.Factory.StartNew(async () => { await Task.Yield(); return 1; })|];
                await one;
                tasks.Add([|Task.Factory.StartNew(async () => await Task.Yield())|]);
                await Task.WhenAll([|Task.Factory.StartNew(async () => await Task.Yield())|], Task.Delay(1));
            }
        }
        """);

    [Fact]
    public Task Reports_a_factory_of_ones_own() => Reports("""
        class C
        {
            readonly TaskFactory _factory = new TaskFactory(TaskScheduler.Default);
            Task M() => [|_factory.StartNew(async state => await Task.Yield(), "state")|];
        }
        """);

    [Fact]
    public Task Silent_when_unwrapped() => Silent("""
        class C
        {
            async Task M()
            {
                await Task.Factory.StartNew(async () => await Task.Delay(1)).Unwrap();
                await await Task.Factory.StartNew(async () => await Task.Delay(1));
                await (await Task.Factory.StartNew(async () => await Task.Delay(1))).ConfigureAwait(false);
                await (await Task.Factory.StartNew(async () => await Task.Delay(1)).ConfigureAwait(false));
                var outer = Task.Factory.StartNew(async () => await Task.Delay(1));
                await outer.Unwrap();
                var inner = await Task.Factory.StartNew(async () => await Task.Delay(1));
                await inner;
                Task.Factory.StartNew(async () => await Task.Delay(1)).Unwrap().GetAwaiter().GetResult();
            }

            Task<Task> N() => Task.Factory.StartNew(async () => await Task.Delay(1));
        }
        """);

    [Fact]
    public Task Silent_for_code_that_is_not_async() => Silent("""
        class C
        {
            async Task M()
            {
                await Task.Factory.StartNew(() => Thread.Sleep(1), TaskCreationOptions.LongRunning);
                int n = await Task.Factory.StartNew(() => 1);
                await Task.Run(async () => await Task.Delay(1));
            }
        }
        """);

    [Fact]
    public Task Silent_for_a_StartNew_of_somebody_else() => Silent("""
        class Factory { public Task<Task> StartNew(Func<Task> work) => null; }
        class C { async Task M(Factory factory) { await factory.StartNew(async () => await Task.Yield()); } }
        """);

    [Fact]
    public Task Fixes_with_Task_Run() => Fixes(
        """
        class C
        {
            async Task M(CancellationToken ct)
            {
                await [|Task.Factory.StartNew(async () => await Task.Delay(1))|]; // first
                await [|Task.Factory.StartNew(async () => await Task.Delay(1), ct)|].ConfigureAwait(false);
                var work = [|Task.Factory.StartNew(
                    async () => await Task.Delay(1),
                    ct,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default)|];
                await work;
                _ = [|System.Threading.Tasks.Task.Factory.StartNew(async () => await Task.Delay(1), TaskCreationOptions.LongRunning)|];
            }
        }
        """,
        """
        class C
        {
            async Task M(CancellationToken ct)
            {
                await Task.Run(async () => await Task.Delay(1)); // first
                await Task.Run(async () => await Task.Delay(1), ct).ConfigureAwait(false);
                var work = Task.Run(
                    async () => await Task.Delay(1),
                    ct);
                await work;
                _ = System.Threading.Tasks.Task.Run(async () => await Task.Delay(1));
            }
        }
        """);

    [Fact]
    public Task Fixes_with_Unwrap_where_a_state_or_a_scheduler_is_given() => Fixes(
        """
        class C
        {
            Task M(TaskScheduler scheduler, CancellationToken ct) => Task.WhenAll(
                [|Task.Factory.StartNew(async state => await Task.Delay(1), 1)|],
                [|Task.Factory.StartNew(async () => await Task.Delay(1), ct, TaskCreationOptions.None, scheduler)|]);
        }
        """,
        """
        class C
        {
            Task M(TaskScheduler scheduler, CancellationToken ct) => Task.WhenAll(
                Task.Factory.StartNew(async state => await Task.Delay(1), 1).Unwrap(),
                Task.Factory.StartNew(async () => await Task.Delay(1), ct, TaskCreationOptions.None, scheduler).Unwrap());
        }
        """);

    [Fact]
    public Task Reports_several_that_are_waited_for_together() => Reports("""
        class C
        {
            Task A(int[] cars, Func<int, Task> drive) => Task.WhenAll(cars.Select(car => [|Task.Factory.StartNew(async () => await drive(car))|]));
            void B(int[] cars, Func<int, Task> drive) => Task.WaitAll(cars.Select(car => [|Task.Factory.StartNew(() => drive(car))|]).ToArray());
            async Task D(int[] cars, Func<int, Task> drive) => await Task.WhenAll(cars.Select(car => { return [|Task.Factory.StartNew(async () => await drive(car))|]; }));
            async Task E(int[] cars, Func<int, Task> drive) => await Task.WhenAll(cars.Select(car => Task.Factory.StartNew(async () => await drive(car)).Unwrap()));
            async Task F(int[] cars, Func<int, Task> drive) { var inner = await Task.WhenAll(cars.Select(car => Task.Factory.StartNew(async () => await drive(car)))); await Task.WhenAll(inner); }
            async Task G(int[] cars, Func<int, Task> drive) => await Task.WhenAll(await Task.WhenAll(cars.Select(car => Task.Factory.StartNew(async () => await drive(car)))));
        }
        """);
}
