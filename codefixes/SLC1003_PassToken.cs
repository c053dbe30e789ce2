using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Sluice.CodeFixes;

/// <summary>Passes the token that is in scope.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class PassToken() : TokenFix("SLC1003");
