namespace Sluice.Tests;

/// <summary>Tests that look at the whole process: nothing else runs beside them.</summary>
[CollectionDefinition("Alone", DisableParallelization = true)]
public sealed class Alone;
