"""What answers the browser: Dash callbacks and HTTP routes, one module per interaction."""
