"""What residents see. Each page is one function in the file of its noun."""
