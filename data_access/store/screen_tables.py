"""The tables of screens: their devices, browsers that wait, orders, and how each screen is now."""

import sqlalchemy as sa

from data_access.store.tables import metadata

device = sa.Table(
    "device",
    metadata,
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
"""Browsers that were paired with a screen; `token` is the SHA-256 of what the browser holds."""

pairing = sa.Table(
    "pairing",
    metadata,
    sa.Column("code", sa.String(6), primary_key=True),
    sa.Column("secret", sa.String(64), nullable=False, unique=True),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Column("device", sa.String(32)),
)
"""Browsers that wait to be paired, and those that were a moment ago."""

screen_order = sa.Table(
    "screen_order",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("screen", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("given_by", sa.String(200), nullable=False),
    sa.Column("given_at", sa.Double, nullable=False),
    sa.Column("until", sa.Double),
    sa.Column("ended_at", sa.Double),
    sa.Index("screen_order_standing", "ended_at", "screen"),
)
"""What the desk told screens; those without `ended_at` are in force until their time is over."""

screen_now = sa.Table(
    "screen_now",
    metadata,
    sa.Column("screen", sa.String(64), primary_key=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("devices", sa.Integer, nullable=False),
    sa.Column("due", sa.Integer, nullable=False),
    sa.Column("silent", sa.Integer, nullable=False),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("seen_at", sa.BigInteger, nullable=False),
    sa.Index("screen_now_seen", "seen_at"),
)
"""How each paired screen is now, and since when it is so."""
