"""The center's diary of its feeds, tickets, matters and indicators."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    _feeds()
    _tickets()
    _own()


def _feeds() -> None:
    op.create_table(
        "feed_day",
        sa.Column("department", sa.String(64), primary_key=True),
        sa.Column("dataset", sa.String(64), primary_key=True),
        sa.Column("day_at", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seconds_due", sa.Integer, nullable=False),
        sa.Column("seconds_late", sa.Integer, nullable=False),
        sa.Column("seconds_down", sa.Integer, nullable=False),
        sa.Column("rows_read", sa.BigInteger),
        sa.Column("rows_aside", sa.BigInteger),
        sa.Column("drift", sa.Integer, nullable=False),
        sa.Column("delivered_at", sa.BigInteger),
        sa.Column("written_at", sa.BigInteger, nullable=False),
    )
    op.create_index("feed_day_at", "feed_day", ["day_at"])
    op.create_index("feed_day_written", "feed_day", ["written_at"])
    op.create_table(
        "feed_now",
        sa.Column("department", sa.String(64), primary_key=True),
        sa.Column("dataset", sa.String(64), primary_key=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due", sa.Integer, nullable=False),
        sa.Column("late", sa.Integer, nullable=False),
        sa.Column("down", sa.Integer, nullable=False),
        sa.Column("since", sa.BigInteger),
        sa.Column("as_of", sa.BigInteger),
        sa.Column("reason", sa.String(300)),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
    )
    op.create_index("feed_now_seen", "feed_now", ["seen_at"])


def _tickets() -> None:
    op.create_table(
        "data_ticket",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("department", sa.String(64), nullable=False),
        sa.Column("dataset", sa.String(64), nullable=False),
        sa.Column("dataset_title", sa.String(200), nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("cause", sa.String(300), nullable=False),
        sa.Column("liaison", sa.String(200), nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("written_at", sa.BigInteger, nullable=False),
    )
    op.create_index("data_ticket_open", "data_ticket", ["department", "closed_at"])
    op.create_index("data_ticket_opened", "data_ticket", ["opened_at"])
    op.create_index("data_ticket_closed", "data_ticket", ["closed_at"])
    op.create_index("data_ticket_written", "data_ticket", ["written_at"])


def _own() -> None:
    op.create_table(
        "matter_life",
        sa.Column("matter", sa.String(200), primary_key=True),
        sa.Column("since", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("department", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("written_at", sa.BigInteger, nullable=False),
    )
    op.create_index("matter_life_due", "matter_life", ["due_at"])
    op.create_index("matter_life_closed", "matter_life", ["closed_at"])
    op.create_index("matter_life_written", "matter_life", ["written_at"])
    op.create_table(
        "indicator_now",
        sa.Column("key", sa.String(130), primary_key=True),
        sa.Column("department", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("confirmed", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
    )
    op.create_index("indicator_now_seen", "indicator_now", ["seen_at"])
