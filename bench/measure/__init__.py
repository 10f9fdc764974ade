"""From a case to a measurement."""
