using System;
using Microsoft.CodeAnalysis;
using Sluice.Model.Plumbing;

namespace Sluice;

/// <summary>One rule about classes that say <c>[Select]</c>. It holds no state; the host finds it by itself.</summary>
internal abstract class SelectRule
{
    /// <summary>Gets the id, title, message, severity and page of the rule.</summary>
    public abstract DiagnosticDescriptor Descriptor { get; }

    /// <summary>Reports what is wrong with <paramref name="select"/>.</summary>
    public abstract void Check(SelectClass select, Action<Diagnostic> report);
}
