"""What of services and applications is a table or a pure function."""
