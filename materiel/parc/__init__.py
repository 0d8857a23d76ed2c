"""What the communes lend: posted, described, cared for, counted."""
