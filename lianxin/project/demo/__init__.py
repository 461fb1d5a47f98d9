"""The demo county: invented places, officers and voices, made through the same actions as real ones."""
