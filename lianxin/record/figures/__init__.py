"""Counts of visits and of files, each with its measure word; rows behind a number are asked for with `rows`."""
