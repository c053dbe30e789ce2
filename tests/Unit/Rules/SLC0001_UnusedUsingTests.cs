using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Sluice.Tests.Rules;

public sealed class SLC0001_UnusedUsingTests() : RuleTest("SLC0001")
{
    private static readonly Setup Broken = new() { GlobalUsings = false, AllowErrors = true };

    // A library for the file under test: types, extensions that are called by name and without it, things to import statically.
    private const string Lib = """
        using System;
        using System.Collections.Generic;

        namespace Lib
        {
            public class Widget { public class Part { } }
            public class MarkAttribute : Attribute { }
            public static class Constants { public const int Limit = 3; public static int Twice(int value) => value * 2; public class Nested { } }
            public class Derived : Base { }
            public class Base { public static int Inherited => 1; }
            public enum Color { Red }
        }

        namespace Lib.Words
        {
            public static class StringExtensions { public static string Shout(this string text) => text + "!"; public static int Count(this string text) => 1; }
        }

        namespace Lib.Unnamed
        {
            public struct Awaiter : System.Runtime.CompilerServices.INotifyCompletion { public bool IsCompleted => true; public void GetResult() { } public void OnCompleted(Action action) { } }
            public static class AwaitExtensions { public static Awaiter GetAwaiter(this int seconds) => default; }
        }

        namespace Lib.Loops
        {
            public static class RangeExtensions { public static IEnumerator<int> GetEnumerator(this int count) { yield return count; } }
        }

        namespace Lib.Adds
        {
            public static class AddExtensions { public static void Add(this List<string> list, int number) => list.Add(number.ToString()); }
        }

        namespace Lib.Splits
        {
            public static class SplitExtensions { public static void Deconstruct(this string text, out char first, out int length) { first = text[0]; length = text.Length; } }
        }
        """;

    protected override Setup Setup { get; } = new() { GlobalUsings = false, Files = [("Lib.cs", Lib)] };

    [Fact]
    public Task Reports_when_no_word_of_the_file_is_a_name_of_the_namespace() => Reports("""
        {|SLC0001:using System.Text;|}
        class C { }
        """);

    [Fact]
    public Task Reports_without_documentation_comments_being_parsed() => Reports(
        """
        {|SLC0001:using System.Text;|}
        using System;
        class C { Action? _run; }
        """,
        Setup with { Documentation = DocumentationMode.None });

    [Fact]
    public Task Reports_each_of_several() => Reports("""
        {|SLC0001:using System;|}
        using System.Collections.Generic;
        {|SLC0001:using System.IO;|}
        {|SLC0001:using System.Linq;|}
        class C { List<int> _list = []; }
        """);

    [Fact]
    public Task Reports_when_the_name_is_only_in_a_comment_or_a_string() => Reports("""
        {|SLC0001:using System.Text;|}
        // StringBuilder would do
        /* StringBuilder */
        class C { string _text = "StringBuilder"; }
        """);

    [Fact]
    public Task Reports_when_documentation_names_it_outside_of_a_cref() => Reports("""
        {|SLC0001:using System.Text;|}
        /// <summary>Like a StringBuilder.</summary>
        class C { }
        """);

    [Fact]
    public Task Reports_when_the_type_is_another_of_the_same_name() => Reports("""
        {|SLC0001:using Lib;|}
        class Widget { }
        class C { Widget? _widget; void M(Widget other) { Widget local = other; } }
        """);

    [Fact]
    public Task Reports_when_the_name_is_written_in_full() => Reports("""
        {|SLC0001:using System.Text;|}
        class C { System.Text.StringBuilder _text = new System.Text.StringBuilder(); object O() => System.Text.Encoding.UTF8; }
        """);

    [Fact]
    public Task Reports_when_the_word_is_a_member_of_something() => Reports("""
        {|SLC0001:using Lib;|}
        class Other { public int Widget; public void Color() { } }
        class C { int M(Other other) { other.Color(); return other.Widget; } object N() => new Other { Widget = 1 }; }
        """);

    [Fact]
    public Task Reports_when_the_word_is_a_property_or_a_local() => Reports("""
        {|SLC0001:using Lib;|}
        class C { int Color { get; set; } int M() { int Widget = Color; return Widget + Color.GetHashCode(); } }
        """);

    [Fact]
    public Task Reports_when_the_method_is_no_extension() => Reports("""
        {|SLC0001:using System.Linq;|}
        using System.Collections.Generic;
        class C { bool M(List<int> list) => list.Contains(1) && "text".Contains('x') && list.ToArray().Length > 0; }
        """);

    [Fact]
    public Task Reports_when_the_extension_is_called_as_a_static_method() => Reports("""
        {|SLC0001:using Lib.Words;|}
        class C { string M() => Lib.Words.StringExtensions.Shout("a"); }
        """);

    [Fact]
    public Task Reports_where_nothing_calls_what_could_be_called_unnamed() => Reports("""
        using System.Collections.Generic;
        {|SLC0001:using System.Linq;|}
        {|SLC0001:using Lib.Unnamed;|}
        {|SLC0001:using Lib.Loops;|}
        {|SLC0001:using Lib.Adds;|}
        {|SLC0001:using Lib.Splits;|}
        class C { List<int> M(int from) { var list = new List<int>(from); list.Add(1); return list; } }
        """);

    [Fact]
    public Task Reports_an_alias() => Reports("""
        {|SLC0001:using Text = System.Text.StringBuilder;|}
        class C { string? Name; object? M(C other) => other.Name; }
        """);

    [Fact]
    public Task Reports_a_static_using() => Reports("""
        {|SLC0001:using static System.Math;|}
        class C { int Max(int a) => a; int M() => Max(3) + System.Math.Abs(-1); }
        """);

    [Fact]
    public Task Reports_a_static_using_of_which_only_inherited_members_are_named() => Reports("""
        {|SLC0001:using static Lib.Derived;|}
        class C : Lib.Base { int M() => Inherited; }
        """);

    [Fact]
    public Task Reports_a_using_inside_a_namespace() => Reports("""
        namespace A
        {
            {|SLC0001:using System.Text;|}
            class C { }
        }

        namespace B
        {
            using System.Text;
            class C { StringBuilder? _text; }
        }
        """);

    [Fact]
    public Task Reports_after_a_file_scoped_namespace() => Reports("""
        namespace A;
        {|SLC0001:using System.Text;|}
        class C { }
        """);

    [Fact]
    public Task Reports_when_the_code_stands_inside_the_namespace() => Reports("""
        {|SLC0001:using Lib;|}
        namespace Lib.Words
        {
            class C { Widget? _widget; }
        }
        """);

    [Fact]
    public Task Reports_in_a_program_of_top_level_statements() => Reports("""
        using System;
        {|SLC0001:using System.Text;|}
        Console.WriteLine();
        """);

    [Fact]
    public Task Reports_a_global_using_that_no_file_uses() => Reports(
        """
        global using System;
        {|SLC0001:global using System.Text;|}
        {|SLC0001:global using static System.Math;|}
        class C { }
        """,
        Setup with { Files = [("Other.cs", "class D { Action? _run; }")] });

    [Fact]
    public Task Reports_a_namespace_that_holds_only_namespaces() => Reports(
        """
        {|SLC0001:using Outer;|}
        class C { Outer.Inner.D? _d; }
        """,
        Setup with { Files = [("Other.cs", "namespace Outer.Inner { public class D { } }")] });

    [Fact]
    public Task Reports_an_active_branch() => Reports("""
        #if !OTHER
        {|SLC0001:using System.Text;|}
        #endif
        class C { }
        """);

    [Fact]
    public Task Reports_with_a_warning_directive_in_the_file() => Reports("""
        {|SLC0001:using System.Text;|}
        #warning Unfinished
        class C { }
        """);

    [Fact]
    public Task Says_what_is_unused() => Says("using static System.Math;\nusing T = System.Text.StringBuilder;\nclass C { }", "Nothing in this file uses 'using static System.Math'; remove it", "Nothing in this file uses 'using T = System.Text.StringBuilder'; remove it");

    [Fact]
    public Task Silent_for_types_in_every_position() => Silent("""
        using System;
        using System.Collections.Generic;
        using System.Globalization;
        using System.IO;
        using System.Text;
        using System.Threading;
        using System.Threading.Tasks;
        using Lib;
        class C<T> : List<T> where T : Stream
        {
            Func<Task>? _run;
            object M() => typeof(StringBuilder);
            bool N(object value) => value is CultureInfo;
            object O(object value) => value switch { CancellationToken token => token, Widget.Part part => part, _ => value };
        }
        """);

    [Fact]
    public Task Silent_for_a_type_left_of_a_dot() => Silent("""
        using System;
        using System.IO;
        class C { string M() { Console.WriteLine(); return Path.Combine("a", "b"); } }
        """);

    [Fact]
    public Task Silent_for_an_attribute_with_and_without_its_suffix() => Silent("""
        using System.ComponentModel;
        using Lib;
        [Mark] class C { [EditorBrowsableAttribute] int _field; }
        """);

    [Fact]
    public Task Silent_for_an_attribute_of_the_assembly() => Silent("""
        using System.Reflection;
        [assembly: AssemblyMetadata("key", "value")]
        """);

    [Fact]
    public Task Silent_for_an_extension_method() => Silent("""
        using System.Linq;
        using Lib.Words;
        class C { string M() => "a".Shout(); int? N(string? text) => text?.Count(); int O(int[] items) => items.Where(item => item > 1).Count(); }
        """);

    [Fact]
    public Task Silent_for_an_extension_method_that_is_not_called() => Silent("""
        using System;
        using Lib.Words;
        class C { Func<string> M() => "a".Shout; }
        """);

    [Fact]
    public Task Silent_for_an_extension_method_in_a_lambda_and_a_local_function() => Silent("""
        using System;
        using Lib.Words;
        class C { Func<string, string> M() => text => Local(text); static string Local(string text) { return Inner(); string Inner() => text.Shout(); } }
        """);

    [Fact]
    public Task Silent_for_a_query() => Silent("""
        using System.Linq;
        class C { object M(int[] items) => from item in items where item > 1 select item; }
        """);

    [Fact]
    public Task Silent_for_an_awaiter_by_extension() => Silent("""
        using System.Threading.Tasks;
        using Lib.Unnamed;
        class C { async Task M() => await 3; }
        """);

    [Fact]
    public Task Silent_for_an_enumerator_by_extension() => Silent("""
        using Lib.Loops;
        class C { void M() { foreach (int item in 3) { } } }
        """);

    [Fact]
    public Task Silent_for_an_initializer_by_extension() => Silent("""
        using System.Collections.Generic;
        using Lib.Adds;
        class C { List<string> _list = new() { 3 }; }
        """);

    [Fact]
    public Task Silent_for_a_deconstruction_by_extension() => Silent("""
        using Lib.Splits;
        class C { int M() { var (first, length) = "text"; return first + length; } }
        class D { int M() { char first; int length; (first, length) = "text"; return first + length; } }
        class E { bool M(string text) => text is (_, 3); }
        """);

    [Fact]
    public Task Silent_for_static_members_and_nested_types() => Silent("""
        using static System.Math;
        using static Lib.Constants;
        using static Lib.Color;
        class C { int M() => Max(1, 2) + Limit; Nested? _nested; Lib.Color N() => Red; }
        """);

    [Fact]
    public Task Silent_for_extensions_of_a_static_using() => Silent("""
        using static Lib.Words.StringExtensions;
        class C { string M() => "a".Shout(); }
        """);

    [Fact]
    public Task Silent_for_an_alias() => Silent("""
        using Text = System.Text.StringBuilder;
        using L = Lib;
        using Pair = (int First, int Second);
        using FlagAttribute = Lib.MarkAttribute;
        [Flag] class C { Text? _text; L::Widget? _widget; Pair _pair; }
        """);

    [Fact]
    public Task Silent_for_a_reference_in_documentation() => Silent("""
        using System.IO;
        using System.Text;
        using System.Threading;
        /// <summary>See <see cref="StringBuilder"/> and <seealso cref='M(Stream)' />.</summary>
        class C
        {
            /** <exception cref="LockRecursionException">never</exception> */
            void M(object value) { }
        }
        """);

    [Fact]
    public Task Silent_for_a_reference_in_documentation_that_is_not_parsed() => Silent(
        """
        using System.Text;
        /// <summary>See <see cref="StringBuilder"/>.</summary>
        class C { }
        """,
        Setup with { Documentation = DocumentationMode.None });

    [Fact]
    public Task Silent_for_code_that_is_compiled_for_another_target() => Silent("""
        using System.Text;
        class C
        {
        #if NETFRAMEWORK
            StringBuilder? _text;
        #endif
        }
        """);

    [Fact]
    public Task Silent_for_a_namespace_that_does_not_resolve() => Silent("using Nowhere;\nclass C { }", Broken);

    [Fact]
    public Task Silent_where_a_name_does_not_resolve() => Silent("using System.Text;\nclass C { Missing _field; }", Broken);

    [Fact]
    public Task Silent_where_the_file_does_not_parse() => Silent("using System.Text;\nclass C { void M( }", Broken);

    [Fact]
    public Task Silent_for_a_repeated_using() => Silent("""
        using System;
        using System;
        class C { Action? _run; }
        """);

    [Fact]
    public Task Silent_for_a_using_that_repeats_a_global_one() => Silent("using System;\nclass C { Action? _run; }", Setup with { Files = [("Other.cs", "global using System;")] });

    [Fact]
    public Task Silent_for_a_global_using_of_another_file() => Silent("class C { StringBuilder? _text; }", Setup with { Files = [("Other.cs", "global using System.Text;")] });

    [Fact]
    public Task Silent_for_implicit_usings() => Silent("class C { }", Setup with { Files = [("Project.GlobalUsings.g.cs", "// <auto-generated/>\nglobal using System.Text;")] });

    [Fact]
    public Task Silent_for_a_global_using_that_only_generated_code_uses() => Silent("global using System.Text;\nclass C { }", Setup with { Files = [("View.g.cs", "class D { StringBuilder M() => new(); }")] });

    [Fact]
    public Task Silent_in_generated_code() => Silent("// <auto-generated/>\nusing System.Text;\nclass C { }");

    [Fact]
    public Task Silent_when_a_using_inside_a_namespace_needs_it() => Silent("""
        using Lib;
        namespace A
        {
            using W = Widget;
            class C { W? _widget; }
        }
        """);

    [Fact]
    public Task Silent_for_a_using_of_the_parent_inside_a_namespace() => Silent("""
        namespace Lib.Words
        {
            using Lib;
            class C { Widget? _widget; }
        }
        """);

    [Fact]
    public Task Silent_when_a_property_has_the_name_of_its_type() => Silent("""
        using Lib;
        class C : Holder { Color M() => Color.Red; }
        class D : Holder { object N() => Color.Red; }
        """, Setup with { Files = [("Lib.cs", Lib), ("Holder.cs", "class Holder { public Lib.Color Color { get; } }")] });

    [Fact]
    public Task Silent_when_only_an_inherited_property_of_the_same_name_stands_there() => Silent("""
        using Lib;
        class D : Holder { object N() => Color.Red; }
        """, Setup with { Files = [("Lib.cs", Lib), ("Holder.cs", "class Holder { public Lib.Color Color { get; } }")] });

    [Fact]
    public Task Silent_for_names_that_are_escaped() => Silent("""
        using Lib;
        class C { @Widget? _widget; }
        """);

    [Fact]
    public Task Silent_for_names_in_interpolations_and_nameof() => Silent("""
        using System.Globalization;
        using System.Text;
        class C { string M() => $"{CultureInfo.InvariantCulture} {nameof(StringBuilder)}"; }
        """);

    [Fact]
    public Task Silent_for_what_top_level_statements_use() => Silent("""
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading.Tasks;
        await Task.Yield();
        var list = new List<int>();
        Console.WriteLine(list.Select(item => item).Count());
        """);

    [Fact]
    public Task Silent_for_what_a_primary_constructor_uses() => Silent("""
        using System.Globalization;
        using System.Text;
        class Base(object value) { object _value = value; }
        class C(StringBuilder text) : Base(CultureInfo.InvariantCulture) { StringBuilder _text = text; }
        """);

    [Fact]
    public Task Fixes_one_of_several() => Fixes(
        """
        using System;
        {|SLC0001:using System.Text;|}
        using System.IO;

        class C { Action? _run; Stream? _stream; }
        """,
        """
        using System;
        using System.IO;

        class C { Action? _run; Stream? _stream; }
        """);

    [Fact]
    public Task Fixes_all_and_leaves_no_blank_line() => Fixes(
        """
        {|SLC0001:using System;|}
        {|SLC0001:using System.Text;|}
        {|SLC0001:using System.IO;|}

        class C { }
        """,
        """
        class C { }
        """);

    [Fact]
    public Task Fixes_and_keeps_the_header() => Fixes(
        """
        // Copyright (c) Somebody.
        // All rights reserved.

        {|SLC0001:using System;|}

        class C { }
        """,
        """
        // Copyright (c) Somebody.
        // All rights reserved.

        class C { }
        """);

    [Fact]
    public Task Fixes_and_keeps_a_header_without_a_blank_line() => Fixes(
        """
        // Copyright (c) Somebody.
        {|SLC0001:using System;|}
        using System.Text;

        class C { StringBuilder? _text; }
        """,
        """
        // Copyright (c) Somebody.
        using System.Text;

        class C { StringBuilder? _text; }
        """);

    [Fact]
    public Task Fixes_and_keeps_preprocessor_directives() => Fixes(
        """
        #nullable enable
        {|SLC0001:using System;|}
        #if !OTHER
        {|SLC0001:using System.IO;|}
        using System.Text;
        #endif

        class C { StringBuilder? _text; }
        """,
        """
        #nullable enable
        #if !OTHER
        using System.Text;
        #endif

        class C { StringBuilder? _text; }
        """);

    [Fact]
    public Task Fixes_a_group() => Fixes(
        """
        using System;

        {|SLC0001:using Lib;|}
        {|SLC0001:using Lib.Words;|}

        using System.Text;

        class C { StringBuilder? _text; Action? _run; }
        """,
        """
        using System;

        using System.Text;

        class C { StringBuilder? _text; Action? _run; }
        """);

    [Fact]
    public Task Fixes_inside_a_namespace() => Fixes(
        """
        namespace A
        {
            {|SLC0001:using System;|}
            {|SLC0001:using System.Text;|}

            class C { }
        }
        """,
        """
        namespace A
        {
            class C { }
        }
        """);

    [Fact]
    public Task Fixes_a_file_scoped_namespace() => Fixes(
        """
        namespace A;

        {|SLC0001:using System;|}

        class C { }
        """,
        """
        namespace A;

        class C { }
        """);

    [Fact]
    public Task Fixes_two_on_one_line() => Fixes(
        """
        {|SLC0001:using System;|} {|SLC0001:using System.Text;|} // both
        using System.IO; {|SLC0001:using System.Linq;|}
        {|SLC0001:using System.Threading;|} using System.Threading.Tasks;
        class C { Stream? _stream; Task? _task; }
        """,
        """
        using System.IO;
        using System.Threading.Tasks;
        class C { Stream? _stream; Task? _task; }
        """);

    [Fact]
    public Task Fixes_static_and_alias() => Fixes(
        """
        using System;
        {|SLC0001:using static System.Math;|} // for Max
        {|SLC0001:using Text =
            System.Text.StringBuilder;|}
        class C { Action? _run; }
        """,
        """
        using System;
        class C { Action? _run; }
        """);

    [Fact]
    public Task Fixes_global_usings() => Fixes(
        """
        global using System;
        {|SLC0001:global using System.Text;|}
        class C { Action? _run; }
        """,
        """
        global using System;
        class C { Action? _run; }
        """,
        Setup with { OnBuild = true });
}
