"""The tables of the store. Narrow rows, clustered by what the screens ask for; times are epochs.

A bucket's value is exact or not: exact ones are `whole` and `part` (millionths, 0 to 999,999), so
that money keeps six digits after the point at any size and sums stay exact in integers; others are
`real`.
"""

import sqlalchemy as sa

metadata = sa.MetaData()

series = sa.Table(
    "series",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("department", sa.String(64), nullable=False),
    sa.Column("additive", sa.String(64), nullable=False),
    sa.Column("plan", sa.String(200), nullable=False),
    sa.Column("how", sa.String(8), nullable=False),
    sa.Column("zone", sa.String(64), nullable=False),
    sa.UniqueConstraint("department", "additive", name="series_of_department"),
)

split = sa.Table(
    "split",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("name", sa.String(200), nullable=False, unique=True),
)

bucket = sa.Table(
    "bucket",
    metadata,
    sa.Column("series_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("by_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("whole", sa.BigInteger),
    sa.Column("part", sa.Integer),
    sa.Column("real", sa.Double),
    sqlite_with_rowid=False,
)

thinned = sa.Table(
    "thinned",
    metadata,
    sa.Column("zone", sa.String(64), primary_key=True),
    sa.Column("days_to", sa.BigInteger, nullable=False),
    sa.Column("hours_to", sa.BigInteger, nullable=False),
)

coverage = sa.Table(
    "coverage",
    metadata,
    sa.Column("plan", sa.String(200), primary_key=True),
    sa.Column("signature", sa.String(64), primary_key=True),
    sa.Column("parts", sa.Text, nullable=False),
    sa.Column("ranges", sa.Text, nullable=False),
)

track = sa.Table(
    "track",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("indicator", sa.String(130), nullable=False),
    sa.Column("period", sa.String(16), nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.UniqueConstraint("indicator", "period", "by", name="track_of_indicator"),
)

sample = sa.Table(
    "sample",
    metadata,
    sa.Column("track_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("slot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("value", sa.Double),
    sa.Column("n", sa.BigInteger),
    sqlite_with_rowid=False,
)

histogram = sa.Table(
    "histogram",
    metadata,
    sa.Column("track_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("counts", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)

state = sa.Table(
    "state",
    metadata,
    sa.Column("department", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

lease = sa.Table(
    "lease",
    metadata,
    sa.Column("department", sa.String(64), primary_key=True),
    sa.Column("holder", sa.String(200), nullable=False),
    sa.Column("token", sa.BigInteger, nullable=False),
    sa.Column("expires", sa.Double, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("action", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(300), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Index("audit_at", "at"),
)

manual_entry = sa.Table(
    "manual_entry",
    metadata,
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
    sa.Index("manual_entry_standing", "form", "ended_at"),
    sa.Index("manual_entry_entered", "form", "entered_at"),
    sa.Index("manual_entry_written", "written_at"),
)
"""What people entered, a row per field. Times are whole seconds; an entry stands until `ended_at`
(`ended_why`: `replaced` by a newer one, or `withdrawn`), and is known until `expires_at`."""

feed_day = sa.Table(
    "feed_day",
    metadata,
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
    sa.Index("feed_day_at", "day_at"),
    sa.Index("feed_day_written", "written_at"),
)
"""A row per dataset and local day: how long it was due, late and down, and what came of it."""

feed_now = sa.Table(
    "feed_now",
    metadata,
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
    sa.Index("feed_now_seen", "seen_at"),
)
"""How each dataset is now; `seen_at` tells which are still collected."""

data_ticket = sa.Table(
    "data_ticket",
    metadata,
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
    sa.Index("data_ticket_open", "department", "closed_at"),
    sa.Index("data_ticket_opened", "opened_at"),
    sa.Index("data_ticket_closed", "closed_at"),
    sa.Index("data_ticket_written", "written_at"),
)
"""数据问题单: one open per department, dataset (`*` a whole department) and rule."""

matter_life = sa.Table(
    "matter_life",
    metadata,
    sa.Column("matter", sa.String(200), primary_key=True),
    sa.Column("since", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("department", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("level", sa.String(16), nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("due_at", sa.BigInteger),
    sa.Column("closed_at", sa.BigInteger),
    sa.Column("written_at", sa.BigInteger, nullable=False),
    sa.Index("matter_life_since", "since"),
    sa.Index("matter_life_due", "due_at"),
    sa.Index("matter_life_closed", "closed_at"),
    sa.Index("matter_life_written", "written_at"),
)
"""Every matter that was ever open, from its `since` until it closed."""

indicator_now = sa.Table(
    "indicator_now",
    metadata,
    sa.Column("key", sa.String(130), primary_key=True),
    sa.Column("department", sa.String(64), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("confirmed", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("level", sa.String(16), nullable=False),
    sa.Column("seen_at", sa.BigInteger, nullable=False),
    sa.Index("indicator_now_seen", "seen_at"),
)
"""How each indicator is now, and whether its definition is confirmed."""

account = sa.Table(
    "account",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("password", sa.String(300), nullable=False),
    sa.Column("roles", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("disabled_at", sa.BigInteger),
    sa.Column("must_change", sa.Integer, nullable=False),
)
"""Who signs in. `password` is an argon2 hash, `roles` a JSON list."""

session = sa.Table(
    "session",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("token", sa.String(64), nullable=False, unique=True),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("seen_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Column("revoked_at", sa.BigInteger),
    sa.Column("agent", sa.String(300), nullable=False),
    sa.Column("host", sa.String(64), nullable=False),
    sa.Index("session_of_account", "account"),
    sa.Index("session_expires", "expires_at"),
    # The audit names sessions by their ids, so none is given twice.
    sqlite_autoincrement=True,
)
"""Who is signed in. `token` is the SHA-256 of what the browser holds."""
