using System;
using Microsoft.CodeAnalysis;
using Sluice.Model;

namespace Sluice;

/// <summary>
/// One rule: what it is called and a query over the model of one type. A rule holds no state, so one instance serves every
/// compilation and every thread. The host finds rules by themselves: to add one, add its file.
/// </summary>
internal abstract class Rule
{
    /// <summary>Gets the id, title, message, severity and page of the rule.</summary>
    public abstract DiagnosticDescriptor Descriptor { get; }

    /// <summary>Gets what the text of a type must mention for the rule to be asked about it at all (any of these).</summary>
    public abstract Mentions Needs { get; }

    /// <summary>Reports what is wrong in <paramref name="type"/>. When a fact is unknown, stay silent.</summary>
    public abstract void Check(TypeModel type, Action<Diagnostic> report);
}
