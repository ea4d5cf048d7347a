"""Fixtures of the real city."""

from real_city.product import open_product, real_city

__all__ = ["open_product", "real_city"]
