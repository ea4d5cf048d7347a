"""What those who live with such rooms call the indicators that must be there."""

NAMES = {
    "transit": (
        "公交车辆在线率", "发车正点率", "首末班准点率", "大间隔", "轨道交通延误", "道路交通运行指数",
        "信号机在线率", "事故现场撤离时间", "两客一危车辆在线率",
    ),
    "customs": (
        "进口整体通关时间", "出口整体通关时间", "未放行报关单", "超14天未放行", "查验等待时长", "放行未提",
        "提前申报率", "自助缴税自动放行率", "进出口总值", "查验率",
    ),
    "cases": (
        "接通率", "15秒接听率", "待签收工单", "按时办结率", "超期未办结", "退单率", "重复诉求率", "解决率",
        "满意率", "诉求突增", "网格按期结案率", "网格返工率",
    ),
    "environment": (
        "实时AQI", "首要污染物", "臭氧小时浓度", "优良天数比例", "PM2.5累计均值", "综合指数全省排名",
        "国考断面优良比例", "水质自动站超标", "污染源日均值超标", "自动监控数据传输有效率",
        "饮用水源地水质达标率",
    ),
    "incidents": (
        "在办突发事件", "信息报送剩余时间", "接警量", "到场时间", "小时雨量", "水位距警戒", "内涝点积水",
        "应转移", "已转移", "渔船回港", "人员上岸率", "生效预警", "应急响应",
    ),
    "center": (
        "应到数据集", "按时到达率", "未结数据问题单", "超期数据问题单", "待处置事项按时处置率",
        "口径待确认指标数", "数据新鲜指标占比",
    ),
}  # fmt: skip
"""By the room's own departments, whichever database holds them."""
MISSING: frozenset[str] = frozenset()
"""Names that no indicator bears yet. Nothing may be added here, and what is found is taken out."""
WITHOUT: frozenset[str] = frozenset()
"""Systems that no indicator serves yet. Nothing may be added here, and what is served taken out."""


def all_names() -> list[str]:
    """Every name once."""
    return [name for names in NAMES.values() for name in names]
