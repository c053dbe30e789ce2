using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace Sluice.Tour;

/// <summary>The projects to vet, each in one target framework, and what went wrong while they were loaded.</summary>
internal sealed record Loaded(Workspace Workspace, IReadOnlyList<Project> Projects, IReadOnlyList<string> Problems, IReadOnlyList<string> Notes) : IDisposable
{
    public void Dispose() => Workspace.Dispose();
}
