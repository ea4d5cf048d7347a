"""Runs the migrations on the connection that `schema.migrate` hands over, in its transaction."""

from alembic import context

from data_access.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
