"""What services of Multi Model Server import."""
