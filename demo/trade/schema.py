"""The tables of the commerce bureau: Chinese names, local times, amounts in 10,000 yuan."""

import sqlalchemy as sa

from demo.columns import key, local, local_key, number, version, word
from demo.simulation import with_progress

METADATA = with_progress(sa.MetaData())

sa.Table("报送日志", METADATA, key("文件"), local("报送时间"))
sa.Table(
    "进出口月报",
    METADATA,
    local_key("统计月份"),
    key("镇街代码", 9),
    key("进出口", 4),
    key("贸易方式", 8),
    version("版本"),
    word("区代码", 6),
    number("本期值"),
    number("上年同期值"),
    local("报送时间", index=True),
)
sa.Table(
    "加工贸易业务",
    METADATA,
    key("业务编号", 20),
    word("业务类型", 8),
    word("企业编码", 12),
    word("区代码", 6),
    word("镇街代码", 9),
    word("办理方式", 4),
    local("申请时间", index=True),
    local("办结时间", index=True),
    local("更新时间", index=True),
)
