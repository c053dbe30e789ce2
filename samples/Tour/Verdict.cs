using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace Sluice.Tour;

/// <summary>What a vetting found, and how much it looked at.</summary>
internal sealed class Verdict
{
    public List<Finding> Findings { get; } = [];

    /// <summary>Gets the projects with compile errors: they were not vetted.</summary>
    public List<(Project Project, List<Diagnostic> Errors)> Broken { get; } = [];

    public int Projects { get; set; }

    public int Files { get; set; }

    public int Lines { get; set; }

    public TimeSpan Time { get; set; }
}
