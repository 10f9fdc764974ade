"""One pytest run: options, plugin, journal, machine, terminal."""
