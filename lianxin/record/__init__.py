"""What is remembered: the files of villages, households and enterprises, who is linked to them, and who went there."""
