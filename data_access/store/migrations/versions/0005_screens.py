"""Screens: their devices, browsers that wait to be paired, orders, and how each screen is now."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    _devices()
    _orders()


def _devices() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("screen", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("token", sa.String(64), unique=True),
        sa.Column("paired_by", sa.String(200), nullable=False),
        sa.Column("paired_at", sa.BigInteger, nullable=False),
        sa.Column("last_seen", sa.BigInteger),
        sa.Column("revoked_at", sa.BigInteger),
        sa.Column("revoked_by", sa.String(200)),
    )
    op.create_table(
        "pairing",
        sa.Column("code", sa.String(6), primary_key=True),
        sa.Column("secret", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("device", sa.String(32)),
    )


def _orders() -> None:
    op.create_table(
        "screen_order",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("screen", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("given_by", sa.String(200), nullable=False),
        sa.Column("given_at", sa.Double, nullable=False),
        sa.Column("until", sa.Double),
        sa.Column("ended_at", sa.Double),
    )
    op.create_index("screen_order_standing", "screen_order", ["ended_at", "screen"])
    op.create_table(
        "screen_now",
        sa.Column("screen", sa.String(64), primary_key=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("devices", sa.Integer, nullable=False),
        sa.Column("due", sa.Integer, nullable=False),
        sa.Column("silent", sa.Integer, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
    )
    op.create_index("screen_now_seen", "screen_now", ["seen_at"])
