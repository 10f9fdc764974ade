"""The colours that follow the reader's theme, as matplotlib sees them and as SVG does."""

# Placeholders, which no plot uses as colours: the SVG has the variable of `templates/theme.css` in
# place of each, so that it is readable in light and in dark mode.
INK, MUTED, GRID, BAND, SURFACE = "#010203", "#010204", "#010205", "#010206", "#010207"
VARIABLES = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    GRID: "var(--grid)",
    BAND: "var(--band)",
    SURFACE: "var(--surface)",
}
