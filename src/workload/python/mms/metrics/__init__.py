"""What services measure."""
