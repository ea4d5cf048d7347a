"""The core of the command center: what an indicator is, what a reading means, who may see it.

Everything here is pure: no web framework, no database, no cache is imported, so each rule can be
read and tested alone. `layouts` and `callbacks` show it, `data_access` feeds it through the
protocols of `dashboard.ports`.
"""
