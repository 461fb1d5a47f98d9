"""Pages of the files: households, villages, units, books, and what is counted of them."""
