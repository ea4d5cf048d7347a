"""What people enter by hand: a row per value of an entry, none ever deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of manual entries."""
    op.create_table(
        "manual_entry",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("entry", sa.String(32), nullable=False),
        sa.Column("form", sa.String(64), nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("place", sa.String(16), nullable=False),
        sa.Column("district", sa.String(16)),
        sa.Column("town", sa.String(16)),
        sa.Column("number", sa.Double),
        sa.Column("text", sa.Text),
        sa.Column("author", sa.String(80), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("entered_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("ended_by", sa.String(80)),
        sa.Column("ended_why", sa.String(16)),
        sa.Column("written_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("entry", "field", name="manual_entry_once"),
    )
    op.create_index("manual_entry_standing", "manual_entry", ["form", "ended_at"])
    op.create_index("manual_entry_entered", "manual_entry", ["form", "entered_at"])
    op.create_index("manual_entry_written", "manual_entry", ["written_at"])
