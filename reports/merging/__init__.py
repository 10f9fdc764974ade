"""Parts of one plan, measured on several machines of one kind, joined to one results file."""
