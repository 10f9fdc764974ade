"""One figure: panel, scales, labels, palette."""
