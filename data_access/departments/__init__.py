"""One department's database, read only, and the collector that reads it on a schedule."""
