"""All input and output: department databases, Redis, and the center's own store."""
