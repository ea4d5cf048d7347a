"""Matters are counted by when they began, of which the newest are asked for every few seconds."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index by the time that they began at."""
    op.create_index("matter_life_since", "matter_life", ["since"])


def downgrade() -> None:
    """Without it."""
    op.drop_index("matter_life_since", "matter_life")
