using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Sluice.Rules;

namespace Sluice.CodeFixes;

/// <summary>Passes the send a token that is cancelled whenever the receiver leaves.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SLC2007_PassToken() : ArgumentFix(LeakedSender.Id, LeakedSender.Id + ".token");
