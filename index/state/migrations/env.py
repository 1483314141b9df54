"""What Alembic runs: the steps, over the connection that ``index.state.migrate`` gives."""

from alembic import context

given = context.config.attributes
context.configure(connection=given["connection"], version_table=given["versions"])
context.run_migrations()
