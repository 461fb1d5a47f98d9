"""Shape and words of what officers type in; the deeds themselves decide."""
