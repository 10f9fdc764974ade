"""Values as strings: units, words, the machine."""
