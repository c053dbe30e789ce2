using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading.Tasks;

namespace Sluice.Tests;

/// <summary>
/// Squinting at power series (McIlroy, 1990), as powser1.go and powser2.go of Go's tests: a series is a process that gives a coefficient when it is asked
/// for one, and sums, products and exponentials are networks of such processes. Thousands of them wait on each other, and most are left waiting.
/// </summary>
public sealed class PowerSeriesTests
{
    private static readonly Series Ones = Series.From(async ones =>
    {
        while (true)
        {
            await ones.Put(new Rational(1, 1));
        }
    });

    [Fact]
    public Task The_derivative_of_ones() => Check(Differentiate(Ones), Enumerable.Range(1, 10).Select(n => new Rational(n, 1)));

    [Fact]
    public Task The_integral_of_ones() => Check(Integrate(new Rational(0, 1), Ones), Enumerable.Range(0, 10).Select(n => n == 0 ? new Rational(0, 1) : new Rational(1, n)));

    [Fact]
    public Task The_square_of_ones() => Check(Multiply(Ones, Ones), Enumerable.Range(1, 10).Select(n => new Rational(n, 1)));

    [Fact]
    public Task The_exponential_of_ones() => Check(
        Exponential(Ones),
        [
            new(1, 1), new(1, 1), new(3, 2), new(13, 6), new(73, 24), new(167, 40), new(4051, 720), new(37633, 5040), new(43817, 4480), new(4596553, 362880),
        ]);

    private static async Task Check(Series series, IEnumerable<Rational> expected)
    {
        foreach (var coefficient in expected)
        {
            Assert.Equal(coefficient, await series.Get().Soon());
        }
    }

    private static Series Scale(Rational by, Series series) => Series.From(async scaled =>
    {
        while (true)
        {
            await scaled.Give(async () => by * await series.Get());
        }
    });

    private static Series Add(Series left, Series right) => Series.From(async sum =>
    {
        while (true)
        {
            await sum.Give(async () =>
            {
                var (a, b) = await Series.GetBoth(left, right);
                return a + b;
            });
        }
    });

    // (u + xU)(v + xV) = uv + x(uV + vU) + xxUV
    private static Series Multiply(Series left, Series right) => Series.From(async product =>
    {
        var (u, v) = (new Rational(0, 1), new Rational(0, 1));
        await product.Give(async () =>
        {
            (u, v) = await Series.GetBoth(left, right);
            return u * v;
        });
        var (left1, left2) = left.Split();
        var (right1, right2) = right.Split();
        var middle = Add(Scale(u, right1), Scale(v, left1));
        await product.Give(middle.Get);
        await product.Copy(Add(middle, Multiply(left2, right2)));
    });

    private static Series Differentiate(Series series) => Series.From(async derivative =>
    {
        await derivative.Give(async () =>
        {
            await series.Get();
            return await series.Get();
        });
        for (int n = 2; ; n++)
        {
            int power = n;
            await derivative.Give(async () => new Rational(power, 1) * await series.Get());
        }
    });

    private static Series Integrate(Rational constant, Series series) => Series.From(async integral =>
    {
        await integral.Put(constant);
        for (int n = 1; ; n++)
        {
            int power = n;
            await integral.Give(async () => new Rational(1, power) * await series.Get());
        }
    });

    // D(exp U) = exp U * DU, integrated: the series feeds itself.
    private static Series Exponential(Series series)
    {
        var own = new Series();
        var (mine, result) = own.Split();
        var integral = Integrate(new Rational(1, 1), Multiply(mine, Differentiate(series)));
        _ = Task.Run(() => own.Copy(integral));
        return result;
    }

    private readonly record struct Rational
    {
        public Rational(BigInteger numerator, BigInteger denominator)
        {
            var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
            (Numerator, Denominator) = (numerator / divisor, denominator / divisor);
        }

        public BigInteger Numerator { get; }

        public BigInteger Denominator { get; }

        public static Rational operator +(Rational a, Rational b) => new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

        public static Rational operator *(Rational a, Rational b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);
    }

    /// <summary>A process that gives the next coefficient when it is asked.</summary>
    private sealed class Series
    {
        private readonly Chan<bool> _asked = new();
        private readonly Chan<Rational> _given = new();

        public static Series From(Func<Series, Task> process)
        {
            var series = new Series();
            _ = Task.Run(() => process(series));
            return series;
        }

        /// <summary>Asks two series at once, and takes their answers in the order in which they come.</summary>
        public static async Task<(Rational Left, Rational Right)> GetBoth(Series left, Series right)
        {
            var (askLeft, askRight, answerLeft, answerRight) = (new Send<bool>(), new Send<bool>(), new Receive<Rational>(), new Receive<Rational>());
            using var select = new Select(askLeft, askRight, answerLeft, answerRight);
            askLeft.To(left._asked, true);
            askRight.To(right._asked, true);
            var (a, b) = (default(Rational), default(Rational));
            for (int happened = 0; happened < 4; happened++)
            {
                switch (await select)
                {
                    case 0:
                        askLeft.Off();
                        answerLeft.From(left._given);
                        break;
                    case 1:
                        askRight.Off();
                        answerRight.From(right._given);
                        break;
                    case 2 when answerLeft.Take(out a):
                        answerLeft.Off();
                        break;
                    case 3 when answerRight.Take(out b):
                        answerRight.Off();
                        break;
                }
            }

            return (a, b);
        }

        public async Task<Rational> Get()
        {
            await _asked.SendAsync(true);
            return (await _given.ReceiveAsync()).Value;
        }

        public Task Put(Rational coefficient) => Give(() => Task.FromResult(coefficient));

        public async Task Give(Func<Task<Rational>> coefficient)
        {
            await _asked.ReceiveAsync();
            await _given.SendAsync(await coefficient());
        }

        public async Task Copy(Series from)
        {
            while (true)
            {
                await Give(from.Get);
            }
        }

        /// <summary>The same series twice, which may be read at different rates.</summary>
        public (Series First, Series Second) Split()
        {
            var (first, second) = (new Series(), new Series());
            var released = new Chan<bool>(1);
            released.TrySend(true);
            _ = Task.Run(() => Serve(first, second, released));
            return (first, second);
        }

        // One generation for each coefficient: the newest serves whoever is ahead, the oldest whoever is behind, and tells the next when it is done.
        private async Task Serve(Series ahead, Series behind, Chan<bool> released)
        {
            bool isOldest;
            using (var select = new Select(Of(ahead._asked), Of(released)))
            {
                isOldest = await select == 1;
            }

            if (isOldest)
            {
                using var select = new Select(Of(ahead._asked), Of(behind._asked));
                if (await select == 1)
                {
                    (ahead, behind) = (behind, ahead);
                }
            }

            var next = new Chan<bool>();
            await _asked.SendAsync(true);
            _ = Task.Run(() => Serve(ahead, behind, next));
            var coefficient = (await _given.ReceiveAsync()).Value;
            await ahead._given.SendAsync(coefficient);
            if (!isOldest)
            {
                await released.ReceiveAsync();
            }

            await behind._asked.ReceiveAsync();
            await behind._given.SendAsync(coefficient);
            await next.SendAsync(true);
        }

        private static Receive<bool> Of(Chan<bool> chan)
        {
            var receive = new Receive<bool>();
            receive.From(chan);
            return receive;
        }
    }
}
