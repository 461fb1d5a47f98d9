"""The project: settings, addresses, server and commands."""
