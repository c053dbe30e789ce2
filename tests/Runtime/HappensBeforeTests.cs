using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Sluice.Tests;

/// <summary>17: what is written before an operation is seen after the one that follows it, by Go's memory model. Plain fields on purpose.</summary>
public sealed class HappensBeforeTests
{
    private const int Rounds = 20_000;

    private int _plain;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    public async Task P17_A_send_happens_before_its_receive(int capacity)
    {
        var c = new Chan<Box>(capacity);
        Task sending = Task.Run(async () =>
        {
            for (int i = 1; i <= Rounds; i++)
            {
                var box = new Box { A = i };
                box.B = i;
                await c.SendAsync(box);
            }

            c.Close();
        });
        int wrong = 0;
        await Task.Run(async () =>
        {
            await foreach (Box box in c)
            {
                wrong += box.A != box.B || box.A == 0 ? 1 : 0;
            }
        }).Soon();
        await sending;
        Assert.Equal(0, wrong);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task P17_The_kth_receive_happens_before_the_send_after_the_capacity_completes(int capacity)
    {
        // The receiver counts before each receive; when send k + C has completed, it must have counted k.
        var c = new Chan<int>(capacity);
        int counted = 0;
        int wrong = 0;
        Task receiving = Task.Run(async () =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                counted = i + 1;
                await c.ReceiveAsync();
            }
        });
        await Task.Run(async () =>
        {
            for (int i = 1; i <= Rounds; i++)
            {
                await c.SendAsync(i);
                wrong += counted < i - capacity ? 1 : 0;
            }
        }).Soon();
        await receiving.Soon();
        Assert.Equal(0, wrong);
    }

    [Fact]
    public async Task P17_A_close_happens_before_a_receive_that_sees_it()
    {
        for (int i = 0; i < 2000; i++)
        {
            var c = new Chan<int>();
            _plain = 0;
            Task closing = Task.Run(() =>
            {
                _plain = 1;
                c.Close();
            });
            Receive<int> receive = new();
            receive.From(c);
            using var select = new Select(receive);
            while (select.Try() < 0)
            {
                Thread.SpinWait(1);
            }

            Assert.Equal(1, _plain);
            await closing;
        }
    }

    // A channel of capacity 1 is a lock.
    [Fact]
    public async Task P17_A_buffered_channel_is_a_semaphore()
    {
        var c = new Chan<bool>(1);
        _plain = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < Rounds / 4; i++)
            {
                await c.SendAsync(true);
                _plain++;
                await c.ReceiveAsync();
            }
        }))).Soon();
        Assert.Equal(Rounds / 4 * 4, _plain);
    }

    private sealed class Box
    {
        public int A { get; init; }

        public int B { get; set; }
    }
}
