"""SQLite as Lianxin uses it (docs/adr/0005-writers-queue.md)."""
