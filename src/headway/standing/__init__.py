"""Where a country is: composite indicators and robust ranks."""
