using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Sluice.CodeFixes;

/// <summary>Passes the token that was made for the work.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class PassMeantToken() : TokenFix("SLC1004");
