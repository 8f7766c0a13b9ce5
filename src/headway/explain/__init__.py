"""Why a country stands where it does: a gap split over causes, the readings that compete, what the answer hangs on."""
