"""The live path: Redis holds the newest of everything and one capped stream of changes.

It is a cache. `publisher` is the collector's side, `follower` the web's, `embedded` a server of
our own for machines without one.
"""
