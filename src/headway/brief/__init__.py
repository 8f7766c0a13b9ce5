"""The report: one country, one page of findings, on a terminal, as HTML, as PDF, as JSON. Words and pictures only."""
