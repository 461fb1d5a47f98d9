"""Measuring the product: `make bench`."""
