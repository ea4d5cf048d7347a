"""Pure functions from readings and the catalogue to Dash components."""
