"""What services of format 0.x derive from."""
