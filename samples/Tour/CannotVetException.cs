using System;

namespace Sluice.Tour;

/// <summary>Why nothing can be vetted, in words for the user.</summary>
internal sealed class CannotVetException(string message) : Exception(message);
