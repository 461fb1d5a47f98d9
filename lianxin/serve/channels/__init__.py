"""Ways in which the catalogue is brought in: one file per way."""
