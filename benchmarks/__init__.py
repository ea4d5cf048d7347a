"""Benchmarks: ratios measured in one run, never timed tests. `python -m benchmarks` runs them all."""
