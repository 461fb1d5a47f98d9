"""Ways by which files come in."""
