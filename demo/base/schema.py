"""The tables of the city's digital base: Chinese names throughout, local times, devices checked by
a round of inspection every half hour."""

import sqlalchemy as sa

from demo.columns import key, local, number, whole, word
from demo.simulation import with_progress

METADATA = with_progress(sa.MetaData())

sa.Table("巡检日志", METADATA, key("对象", 16), local("完成时间"))
sa.Table(
    "接入节点",
    METADATA,
    key("节点编号", 16),
    word("区", 6),
    word("镇街", 9),
    whole("接入能力"),
)
sa.Table(
    "摄像机",
    METADATA,
    key("编号", 16),
    word("类别", 8),
    word("区", 6),
    word("镇街", 9),
    word("节点编号", 16),
    number("纬度"),
    number("经度"),
    word("状态", 4),
    local("更新时间"),
)
sa.Table(
    "无线接入点",
    METADATA,
    key("编号", 16),
    word("场所", 8),
    word("区", 6),
    word("镇街", 9),
    number("纬度"),
    number("经度"),
    whole("最大并发"),
    whole("在线用户"),
    word("状态", 4),
    local("更新时间"),
)
sa.Table(
    "离线记录",
    METADATA,
    key("记录号", 24),
    word("设备类型", 8),
    word("设备编号", 16),
    word("区", 6),
    word("镇街", 9),
    word("原因", 8),
    local("离线时间"),
    local("恢复时间"),
    local("更新时间"),
    # Index names stay within what every engine and every tool can spell.
    sa.Index("ix_lxjl_lxsj", "离线时间"),
    sa.Index("ix_lxjl_hfsj", "恢复时间"),
    sa.Index("ix_lxjl_gxsj", "更新时间"),
)
sa.Table(
    "云资源",
    METADATA,
    key("资源池", 16),
    sa.Column("采样时间", sa.DateTime(), primary_key=True, index=True, info={"form": "local"}),
    number("CPU利用率"),
    number("内存利用率"),
    number("存储利用率"),
    whole("云主机数"),
    local("入库时间"),
    sa.Index("ix_yzy_rksj", "入库时间"),
)
sa.Table(
    "云平台事件",
    METADATA,
    key("事件编号", 24),
    word("等级", 4),
    word("影响系统", 16),
    local("发生时间"),
    local("恢复时间"),
    local("更新时间"),
    sa.Index("ix_yptsj_fssj", "发生时间"),
    sa.Index("ix_yptsj_hfsj", "恢复时间"),
    sa.Index("ix_yptsj_gxsj", "更新时间"),
)
