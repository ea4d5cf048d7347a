"""One module per page: pure functions from a view to components."""
