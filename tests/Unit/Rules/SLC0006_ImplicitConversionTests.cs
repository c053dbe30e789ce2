using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC0006_ImplicitConversionTests() : RuleTest("SLC0006")
{
    private static readonly Setup All = new() { EditorConfig = "[*.cs]\nsluice_implicit_conversions = all\n" };

    [Fact]
    public Task Reports_whole_numbers_with_more_digits() => Reports("""
        class C
        {
            double _sum;
            float _mean = 0;
            static double Half(double x) => x / 2;
            double Return(long x) => [|x|];
            double M(long x, ulong u, int i, uint v, nint n, float f)
            {
                double a = [|x|];
                double b = [|u|];
                float c = [|i|];
                float d = [|v|];
                double e = [|n|];
                float g = [|x|];
                _sum += [|x|];
                _mean = f * [|i|];
                Half([|x|]);
                var list = new List<double> { [|x|] };
                Func<long, double> convert = y => [|y|];
                return a + b + c + d + e + g + Math.Sqrt([|x|]) + list[0] + convert(1) + ([|x|] > _sum ? 1 : 0);
            }
        }
        """);

    [Fact]
    public Task Silent_where_every_digit_fits() => Silent("""
        class C
        {
            double M(int i, uint u, byte b, short s, char ch, long l, List<int> items, float f, string text)
            {
                double a = i;
                double d = u;
                float c = b;
                c = s;
                c = ch;
                long wide = i;
                decimal money = l;
                c = i % 100;
                c = i & 0xFF;
                c = items.Count * f + text.Length;
                c = 5;
                const long Big = 1L << 40;
                double k = Big;
                return a / 2.0 + d + c + (double)wide + (double)l + i / 2.0 + k + (double)money;
            }
        }
        """);

    [Fact]
    public Task Silent_where_digits_do_not_matter() => Silent("""
        class C
        {
            const double Limit = 10.5;
            string M(long bytes, object o, int[] a, byte index, long x)
            {
                double megabytes = bytes / 1048576.0;
                double later = (DateTime.UnixEpoch.AddSeconds(x) - DateTime.Now).TotalSeconds;
                if (bytes > 1.5 || bytes < Limit) { return $"{bytes} {megabytes:F1} {later}"; }
                return $"{bytes}{a[index]}{1 << index}" + x;
            }
        }
        """);

    [Fact]
    public Task Reports_every_other_in_strict() => Reports(
        """
        class C
        {
            long Wide(int i) => [|i|];
            double Real(int i) => [|i|] / 2.0;
            decimal Money(long l) => [|l|];
            int Code(char c) => [|c|];
            long Sum(long l, int i) => l + [|i|];
        }
        """,
        All);

    [Fact]
    public Task Silent_in_strict_where_nothing_can_be_written() => Silent(
        """
        enum Kind : byte { A }
        class C
        {
            int Sum(byte a, byte b) => a + b;
            int At(int[] numbers, byte i, short s) => numbers[i] << s;
            long Constant() => 5;
            byte Small() => 5;
            object Box(int i) => i;
            string Text(int i) => $"{i}" + i;
            long Cast(int i) => (long)i;
            Kind K() => Kind.A;
        }
        """,
        All);

    [Fact]
    public Task Fixes_by_writing_it() => Fixes(
        "class C { double M(long a, long b) { double x = [|a + b|]; return x * [|a|]; } }",
        "class C { double M(long a, long b) { double x = (double)(a + b); return x * (double)a; } }");
}
