"""The tables of the customs: English names with pinyin initials between them, milliseconds, text."""

import sqlalchemy as sa

from demo.columns import key, millis, money, number, stamp, whole, word
from demo.simulation import with_progress

METADATA = with_progress(sa.MetaData())

sa.Table("sync_log", METADATA, key("job"), millis("sync_time"))
sa.Table(
    "decl_head",
    METADATA,
    key("pre_no", 20),
    word("decl_no", 20),
    word("customs_code", 4),
    word("qxdm", 6),
    word("zjdm", 9),
    word("i_e_flag", 1),
    word("trade_mode", 4),
    word("jydw_code", 12),
    number("gross_wt"),
    money("total_usd"),
    whole("adv_flag"),
    whole("insp_flag"),
    whole("zzbg"),
    whole("gl_flag"),
    money("js_fee"),
    word("return_status", 3),
    word("rel_mode", 1),
    millis("decl_time", index=True),
    millis("arr_time", index=True),
    millis("tax_time"),
    millis("rel_time", index=True),
    millis("pick_time", index=True),
    millis("return_time"),
    stamp("gxsj", index=True),
    # Companies ask by the number that the customs gave, the center by the one they entered first.
    sa.Index("ix_decl_head_decl_no", "decl_no"),
    # What is under review is counted every few seconds, among years of what is long released.
    sa.Index("ix_decl_head_return_status", "return_status"),
)
sa.Table(
    "insp_list",
    METADATA,
    key("insp_no", 20),
    word("pre_no", 20),
    word("customs_code", 4),
    word("qxdm", 6),
    word("zjdm", 9),
    whole("hd_flag"),
    whole("stand_in"),
    word("cyjg", 8),
    stamp("xdsj", index=True),
    stamp("tqsj", index=True),
    stamp("cysj", index=True),
    stamp("ylsj", index=True),
    stamp("cxsj"),
    stamp("gxsj", index=True),
)
