"""The tables of the traffic police's department: pinyin initials, wall-clock times."""

import sqlalchemy as sa

from demo.columns import key, local, number, whole, word
from demo.simulation import with_progress

METADATA = with_progress(sa.MetaData())

sa.Table("TB_RZ", METADATA, key("BM"), local("TBSJ"))
sa.Table(
    "ZC_JC",
    METADATA,
    key("JCBH"),
    word("ZDMC"),
    word("XZQHDM", 6),
    word("XZJDDM", 9),
    word("HPHM"),
    whole("ZS"),
    number("CHZZ"),
    number("XZ"),
    whole("CXBZ"),
    local("JCSJ", index=True),
    local("XZSJ", index=True),
    local("GXSJ", index=True),
)
sa.Table(
    "LK_XX",
    METADATA,
    key("XXBH"),
    word("SJLX", 8),
    word("XZQHDM", 6),
    word("XZJDDM", 9),
    local("FXSJ", index=True),
    local("FBSJ", index=True),
    local("JSSJ", index=True),
    local("GXSJ", index=True),
)
sa.Table(
    "LB_YD",
    METADATA,
    key("LDMC"),
    sa.Column("XS", sa.DateTime(), primary_key=True, index=True, info={"form": "local"}),
    key("TGQK", 8),
    word("XZQHDM", 6),
    word("XZJDDM", 9),
    whole("CLS"),
    whole("YDCS"),
)
sa.Table(
    "WF_HZ",
    METADATA,
    sa.Column("TJRQ", sa.DateTime(), primary_key=True, index=True, info={"form": "local"}),
    key("XZJDDM", 9),
    key("CLQD", 8),
    key("JKFS", 8),
    sa.Column("BBH", sa.Integer(), primary_key=True),
    word("XZQHDM", 6),
    whole("JS"),
    local("GXSJ", index=True),
)
