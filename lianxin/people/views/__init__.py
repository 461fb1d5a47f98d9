"""Pages for signing in, for one's own account, and for who keeps the county's accounts and reference tables."""
