"""What an answer hangs on: variance and screening methods on the prior, given-data methods on correlated draws."""
