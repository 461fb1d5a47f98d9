"""Counts of serving, each derived from facts; nothing personal."""
