using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Passes the token as an argument.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ForwardTokenFix() : ArgumentFix(ForwardToken.Id, ForwardToken.Id);
