"""The first tables: series and buckets, samples, histograms, coverage, state, leases, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    _flows()
    _samples()
    _own()


def _flows() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("department", sa.String(64), nullable=False),
        sa.Column("additive", sa.String(64), nullable=False),
        sa.Column("plan", sa.String(200), nullable=False),
        sa.Column("how", sa.String(8), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.UniqueConstraint("department", "additive", name="series_of_department"),
    )
    op.create_table(
        "split",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
    )
    op.create_table(
        "bucket",
        sa.Column("series_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("by_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("whole", sa.BigInteger),
        sa.Column("part", sa.Integer),
        sa.Column("real", sa.Double),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "thinned",
        sa.Column("zone", sa.String(64), primary_key=True),
        sa.Column("days_to", sa.BigInteger, nullable=False),
        sa.Column("hours_to", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "coverage",
        sa.Column("plan", sa.String(200), primary_key=True),
        sa.Column("signature", sa.String(64), primary_key=True),
        sa.Column("parts", sa.Text, nullable=False),
        sa.Column("ranges", sa.Text, nullable=False),
    )


def _samples() -> None:
    op.create_table(
        "track",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("indicator", sa.String(130), nullable=False),
        sa.Column("period", sa.String(16), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.UniqueConstraint("indicator", "period", "by", name="track_of_indicator"),
    )
    op.create_table(
        "sample",
        sa.Column("track_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("slot", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("value", sa.Double),
        sa.Column("n", sa.BigInteger),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "histogram",
        sa.Column("track_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("counts", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def _own() -> None:
    op.create_table(
        "state",
        sa.Column("department", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "lease",
        sa.Column("department", sa.String(64), primary_key=True),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("token", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.Double, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_index("audit_at", "audit", ["at"])
