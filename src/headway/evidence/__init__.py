"""What is known: publishers → observations → snapshot, and what was known on a date."""
