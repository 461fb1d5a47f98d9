"""What a cadre carries from door to door: an app that works without a network, and how it and the county agree."""
