"""What services of MXNet use, on numpy."""
