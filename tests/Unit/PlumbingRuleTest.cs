using Microsoft.CodeAnalysis.CSharp;

namespace Sluice.Tests;

/// <summary>The base of the tests of a rule about channels and select that are generated: the generators run first, as they do for a user.</summary>
public abstract class PlumbingRuleTest(string id) : RuleTest(id)
{
    protected override Setup Setup { get; } = new() { Generators = true, PreprocessorSymbols = UnderTest.Symbols, Files = [("Usings.g.cs", "global using Sluice;")] };

    /// <summary>Gets code with compiler errors of its own, as what is wrong leaves the class without its other part.</summary>
    protected Setup Unfinished => Setup with { AllowErrors = true };

    protected Setup On(LanguageVersion language) => Setup with { Language = language, AllowErrors = true };
}
