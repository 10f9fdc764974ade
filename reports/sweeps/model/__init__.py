"""The report about one model: its layers, what involution would change, and how sure that is."""
