"""Panels: the forms in which a page shows indicators, one module per form."""
