"""Deliveries of departments that open no database: files in a folder and pushes into a stream.

They are judged row by row, land in a database of the center, and are told of in a table there.
"""
