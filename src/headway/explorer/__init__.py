"""The web page: every view of what the rooms above compute, instant, shareable and downloadable."""
