"""Every fixed word of the interface, in both languages, once.

A word belongs here when it is not part of the catalogue. `Word.PENDING.of(language)` is checked by
the type checker; a word that nobody says any more fails a test.
"""

from enum import Enum

from dashboard.text import Language


class Word(Enum):
    """A word as (Chinese, English)."""

    # The city and the ways through it
    COMMAND_CENTER = ("佛山城市运行指挥中心", "Foshan City Command Center")
    TODAY_PAGE = ("今日", "Today")
    DUTY_WALL = ("值班大屏", "Duty wall")
    ENTRY = ("填报", "Manual entry")
    STATUS = ("数据状态", "Data status")
    STATUS_SHORT = ("状态", "Status")
    INDICATORS = ("指标", "Indicators")
    LANGUAGE = ("English", "中文")
    THEME_DARK = ("深色", "Dark")
    THEME_LIGHT = ("浅色", "Light")
    NAVIGATION = ("导航", "Navigation")
    SKIP_TO_CONTENT = ("跳到内容", "Skip to content")
    CITY = ("全市", "Whole city")
    OTHER = ("其他", "Other")
    UNKNOWN_CODE = ("未填", "Not given")

    # Whether a number can be trusted
    FRESH = ("正常", "Fresh")
    LATE = ("迟到", "Late")
    STALE = ("过期", "Stale")
    UNAVAILABLE = ("暂无数据", "Unavailable")
    NOT_DUE = ("按计划休止", "Not due")
    NORMAL = ("正常", "Normal")
    WARNING = ("关注", "Watch")
    ALARM = ("告警", "Alarm")
    DEMO_DATA = ("演示数据", "Demo data")
    CONNECTING = ("正在连接", "Connecting")
    WAITING_FOR_DATA = ("等待数据", "Waiting for data")
    NO_ROWS = ("没有记录", "No rows")

    # What a number says about itself
    AS_OF = ("数据截至", "As of")
    COLLECTED_AT = ("采集于", "Collected")
    SOURCE = ("来源", "Source")
    OWNER = ("责任部门", "Owner")
    LIAISON = ("联络员", "Liaison")
    DATASET = ("数据集", "Dataset")
    DEFINITION = ("定义", "Definition")
    DETAILS = ("明细", "Rows")
    EXPORT = ("导出", "Export")
    EXPORT_SERIES = ("导出序列", "Export series")
    EXPORT_ROWS = ("导出记录", "Export rows")
    CONFIRMED = ("口径确认", "Definition confirmed")
    UNCONFIRMED = ("待确认", "Not yet confirmed")
    ASSESSED_BASIS = ("考核口径", "Assessed")
    LIVE_BASIS = ("实时口径", "Live")
    UNIT = ("单位", "Unit")
    VALUE = ("数值", "Value")
    TARGET = ("目标", "Target")
    USUAL_RANGE = ("平常范围", "Usual range")
    TREND = ("趋势", "Trend")
    WITHIN = ("范围", "Within")
    SPLIT = ("分布", "Split")
    WINDOW = ("时段", "Window")
    GRAIN = ("粒度", "Grain")
    SERVES = ("对应系统", "Serves")
    SQL = ("查询语句", "SQL")
    NEWEST_ROWS = ("最新记录", "Newest rows")
    SET_ASIDE = ("剔除的记录", "Rows set aside")
    RULE = ("规则", "Rule")
    COUNT = ("数量", "Count")
    OLDEST = ("最久", "Oldest")
    NOT_LIMITED = ("未设限值", "No limit set")
    STANDARD_EDITION = ("标准版本", "Standard edition")

    # Comparisons and windows
    COMPARED = ("比{} {}", "{1} vs {0}")
    SAME_AS = ("与{}持平", "same as {}")
    DAY_BEFORE = ("昨日同期", "yesterday")
    WEEK_BEFORE = ("上周同期", "last week")
    FOUR_WEEKS = ("四周均值", "the four-week mean")
    POINTS = ("个百分点", "pp")
    SAMPLE = ("n {}", "n {}")
    NOW = ("当前", "Now")
    THIS_HOUR = ("本小时", "This hour")
    TODAY = ("今日", "Today")
    THIS_MONTH = ("本月", "This month")
    THIS_YEAR = ("今年以来", "Year to date")
    LAST_MINUTES = ("近 {} 分钟", "Last {} min")
    LAST_HOURS = ("近 {} 小时", "Last {} h")
    LAST_DAY = ("近 1 天", "Last day")
    LAST_DAYS = ("近 {} 天", "Last {} days")

    # Ages
    SECONDS = ("{} 秒", "{} s")
    MINUTES = ("{} 分", "{} min")
    HOURS = ("{} 小时", "{} h")
    DAYS = ("{} 天", "{} d")
    AGO = ("{}前", "{} ago")
    MINUTES_AGO = ("{} 分钟前", "{} min ago")

    # The duty wall
    PENDING = ("待处置", "Needs action")
    PENDING_SUMMARY = ("{} 项，超时 {} 项，按紧急程度", "{} open, {} overdue, most urgent first")
    NOTHING_PENDING = ("没有待处置事项", "Nothing needs action")
    FEEDS_UP = ("数据源 {}/{} 正常", "Feeds {}/{} up")
    FEEDS = ("数据源", "Feeds")
    OVERDUE_BY = ("超时 {}", "{} overdue")
    TIME_LEFT = ("剩余时间", "Time left")
    REMAINING = ("剩 {}", "{} left")
    ELAPSED = ("已 {}", "for {}")
    SINCE = ("自", "Since")
    DUE = ("时限", "Due")

    # Living numbers
    JUST_NOW = ("刚刚", "just now")
    LATE_BY = ("迟到 {}", "late by {}")
    LATE_OF = ("{}/{} 项迟到", "{} of {} late")
    LATE_NAMED = ("{}：{}", "{}: {}")
    LIST_STOP = ("、", ", ")
    ONE_NUMBER_LATE = ("{} 个数迟到", "{} number late")
    NUMBERS_LATE = ("{} 个数迟到", "{} numbers late")
    LATE_NUMBERS = ("迟到的数", "Numbers that are late")
    SILENT_FOR = ("已 {}未更新", "silent for {}")
    UNAVAILABLE_BECAUSE = ("暂无数据：{}", "Unavailable: {}")
    CONNECTION_LOST = ("连接中断，以下为 {} 的数据", "Connection lost; this is the data of {}")
    CONNECTION_LOST_EMPTY = ("连接中断，尚无数据", "Connection lost; no data yet")
    MORE_PENDING = ("还有 {} 项", "{} more")
    ALL_FEEDS_UP = ("全部按时更新", "All on time")
    LAST_DAY_TREND = ("近 24 小时走势", "Past 24 hours")
    TREND_SILENT = ("走势取不到", "Trend not available")
    NO_HISTORY = ("尚无历史数据", "No history yet")
    USUALLY = ("平常 {} 到 {}", "usually {} to {}")
    USUALLY_ONE = ("平常 {}", "usually {}")
    PAST_HOUR = ("近 1 小时 {}", "{} in the past hour")
    TREND_HOURLY = ("趋势按小时", "trend by the hour")
    PAST_HOUR_SAME = ("近 1 小时持平", "unchanged in the past hour")

    # The status of feeds
    STATE = ("状态", "State")
    AGE = ("时延", "Age")
    REASON = ("原因", "Reason")
    TICK_COST = ("采集耗时", "Tick cost")
    SKIPPED = ("跳过次数", "Skipped")
    DRIFT = ("对账差异", "Drift")
    PROBLEMS = ("目录问题", "Problems of the catalogue")
    CATALOGUE_VERSION = ("目录版本", "Catalogue version")

    # The map
    MAP_PAGE = ("一张图", "One map")
    MAP_SHORT = ("地图", "Map")
    MAP_LAYERS = ("图层", "Layers")
    MAP_LAYERS_NOTE = (
        "列表在上的图层画在上面，异常的总在最上；箭头把图层提到最上。",
        "What stands above in the list is drawn above, what is abnormal above all; the arrow raises"
        " a layer to the top.",
    )
    MAP_RAISE = ("把“{}”提到最上", "Raise “{}” to the top")
    MAP_AREAS = ("按区或镇街着色", "Colour districts or towns by")
    MAP_NO_AREA = ("不着色", "No indicator")
    MAP_SCHEMATIC = ("示意图", "Schematic")
    MAP_OFFICIAL = ("官方图层", "Official layer")
    MAP_KEYS = (
        "地图：方向键移动，加减号缩放，回车打开中心处的对象",
        "Map: arrow keys move it, plus and minus zoom, Enter opens what is in its middle",
    )
    MAP_CLOSER = ("放大", "Closer")
    MAP_FARTHER = ("缩小", "Farther")
    MAP_HOME = ("全市", "Whole city")
    MAP_WHOLE = ("打开一张图", "Open the whole map")
    MAP_CHOOSE = (
        "点地图上的对象，在这里看它的记录。",
        "Press something on the map to see its record here.",
    )
    MAP_RECORD_PAGE = ("记录页", "Its own page")
    MAP_NEAREST = ("最近的 {} 个：{}", "The {} nearest: {}")
    MAP_ASIDE = ("未画出的记录", "Not drawn")
    MAP_ASIDE_NOTE = (
        "位置缺失、为 0、颠倒或在市外的记录只计数、列出，不画在图上。",
        "Rows whose position is missing, 0, swapped or outside the city are counted and listed, not drawn.",
    )
    MAP_ASIDE_COUNT = ("{}：{} 条", "{}: {}")
    MAP_MISSING = ("没有位置", "no position")
    MAP_ZERO = ("位置为 0,0", "at 0,0")
    MAP_SWAPPED = ("经纬度颠倒", "latitude and longitude swapped")
    MAP_OUTSIDE = ("在市外", "outside the city")
    MAP_UNKNOWN = ("没有这个地点", "no such place")
    MAP_SILENT = ("图层取不到", "The layer cannot be had")
    MAP_NO_LAND = ("底图取不到，正在重试", "The base map cannot be had; trying again")
    MAP_NOTHING = ("当前没有", "None now")
    MAP_TRUNCATED = ("只画前 {} 条", "only the first {}")
    MAP_THINNED = (
        "数量多，远看画成小点，同一处只画一个",
        "Many: dots from afar, one where several coincide",
    )
    MAP_LEAST_MOST = ("{} 到 {}", "{} to {}")

    # Exports
    FILTERS = ("筛选条件", "Filters")

    # Panels and pages
    LOADING = ("正在取数", "Loading")
    MORE_SIDEWAYS = ("还有列未显示，横向移动可看", "More columns: scroll sideways")
    NO_SUCH_INDICATOR = ("目录中没有指标 {}", "The catalogue has no indicator {}")
    PANELS_EMPTY = ("这一页还没有配置面板", "No panels are set up for this page yet")
    NO_WINDOW_YET = ("所选时段内还没有历史数据", "There is no history in this window yet")
    HISTORY_SINCE = ("历史只补采到 {}，还在继续", "History is read back to {} so far")
    SAME_HOUR_P99 = ("同时段 P99", "P99 of this hour")
    DATA_SINCE = ("{} 起有数据", "data since {}")
    TOO_FEW = ("n 少，不判定", "too few to judge")
    NO_FACTOR = ("无", "none")
    ALL_ZERO = ("截至 {}，{} 项都为 {}", "as of {}, all {} are {}")
    OTHERS_LEFT = ("另有 {} 项未列出", "{} more not listed")
    STAGES_TOTAL = ("合计 {}", "{} in all")
    STAGES_PART = ("琥珀色段为其中的“{}”", "the amber part: {}")
    BAND_LEGEND = ("线为 {}，带至 {}", "line {}, band to {}")
    EVERY_5M = ("每 5 分钟", "every 5 min")
    EVERY_15M = ("每 15 分钟", "every 15 min")
    EVERY_1H = ("每小时", "hourly")
    EVERY_1D = ("每日", "daily")
    EVERY_1MO = ("每月", "monthly")
    LIST_ASK = ("向部门查询全部", "Ask the department for all")
    KEY_FIGURES = ("关键指标", "Key figures")
    LOOK_FIRST = ("先看这些", "Look at these first")

    # The indicator page
    BASIS = ("口径", "Basis")
    FORMULA = ("计算公式", "Formula")
    INPUTS = ("由这些指标计算", "Made from these indicators")
    ORIGIN = ("从哪里来", "Where it comes from")
    FRESHNESS_LIMITS = ("迟到／过期界限", "Late / stale after")
    TABLE_OR_VIEW = ("表或视图", "Table or view")
    TIME_COLUMN = ("计时列", "Counted by")
    REFRESHED_EVERY = ("采集间隔", "Refreshed every")
    CONFIRMED_BY = ("{}于 {} 确认", "confirmed by {} on {}")
    CHOOSE_WINDOW = ("选择时段", "Choose the window")
    AUTOMATIC = ("自动", "Auto")
    NO_SPLIT = ("不分", "None")
    LOOKUP_CHOOSE = ("请选择{}", "Choose {}")
    LOOKUP_AND = ("和", " and ")
    LOOKUP_ANY = ("不限", "Any")
    LOOKUP_SEARCH = ("输入名称或拼音", "Type a name or its pinyin")
    LOOKUP_CLEAR = ("清除", "Clear")
    LOOKUP_NO_OPTION = ("没有这一项", "No such option")
    LOOKUP_AGAIN = ("再查一次", "Ask again")
    LOOKUP_NOTE = (
        "{} 向部门查询；选好后每分钟重查一次，查询记入审计。",
        "Asked of the department at {}; asked again every minute, and audited.",
    )
    ASK_ROWS = ("向部门查询最新 50 条", "Ask the department for the newest 50")
    ASK_ROWS_NOTE = (
        "点击查询或导出记录后才会查询部门数据库；查询会被记入审计，涉及个人的列已脱敏。",
        "The department's database is asked only when you press, or export rows; the question is"
        " audited and personal columns are masked.",
    )
    ROWS_SHOWN = ("第 {} 条，向部门查询于 {}", "Rows {}, asked of the department at {}")
    ROWS_OF = ("{} 条，共 {}", "{} of {}")
    ROWS_OF_RULE = ("剔除的记录：{}", "Rows set aside: {}")
    ROWS_NEWER = ("前 50 条（较新）", "Newer 50")
    ROWS_OLDER = ("后 50 条（较早）", "Older 50")
    ROWS_END = ("一次只能看到第 {} 条", "Rows are shown up to number {}")
    SQL_OF_DURATION = (
        "语句给出分位附近几个名次的时长（微秒）；显示的数是相邻两个名次之间的线性插值，再换算成指标的单位。",
        "The statement gives the durations of the neighbouring ranks in microseconds; the number is"
        " their linear interpolation, in the unit of the indicator.",
    )
    SQL_OF_RANKS = (
        "语句给出分位附近几个名次的值；显示的数是相邻两个名次之间的线性插值。",
        "The statement gives the values of the neighbouring ranks; the number is their linear"
        " interpolation.",
    )
    SET_ASIDE_NOTE = (
        "数量只算最近一次读到的记录；点“明细”向部门查询全部。",
        "Counts are of what was read last; “Rows” asks the department for all of them.",
    )
    NO_ROWS_OF_DERIVED = (
        "这个数由其他指标计算，请看各输入指标的记录。",
        "This number is made from others; see the rows of its inputs.",
    )
    ROWS_OF_PART = ("只看其中一部分的记录：", "Rows of one part alone:")
    ONLY_PART = ("只看 {}", "only {}")
    ALL_PARTS = ("看全部记录", "All rows")
    NOTHING_SET_ASIDE = ("没有剔除记录", "No rows were set aside")
    NO_READABLE_TIME = ("时间无法识别（{}）", "No readable time ({})")
    NOT_COUNTED = ("不计入", "left out")
    STILL_COUNTED = ("仍计入", "still counted")
    COVERED_FROM = ("{} 起", "from {}")

    # One row
    RECORD = ("记录内容", "What it says")
    ROW_ASKED = (
        "{} 向部门数据库查询，已记入审计",
        "asked of the department at {}, noted in the audit",
    )
    NO_SUCH_ROW = (
        "没有这条记录，可能已被部门删除。",
        "There is no such record; the department may have removed it.",
    )
    TIMES_IN_ORDER = ("先后经过", "One after the other")
    COUNTED_IN = ("计入哪些指标", "Indicators that count it")

    # Search
    SEARCH = ("搜索", "Search")
    SEARCH_HINT = (
        "指标、页面、站点、单号；拼音首字母也行",
        "Indicators, pages, stops, numbers; pinyin initials too",
    )
    SEARCH_KEYS = ("↑↓ 选择　Enter 打开　Esc 关闭", "↑↓ choose, Enter open, Esc close")
    SEARCH_NOTHING = ("没有找到", "Nothing found")
    SEARCH_FAILED = ("搜索没有应答，请再试", "The search did not answer, try again")
    SEARCH_SILENT = ("没有应答：", "Did not answer: ")

    # The status page
    CENTER_PARTS = ("指挥中心自身", "The center itself")
    LIVE_CACHE = ("实时缓存", "Live cache")
    STORE = ("历史库", "History store")
    WEB = ("网页服务", "Web")
    ANSWERING = ("正常应答", "answering")
    NOT_ANSWERING = ("没有应答", "not answering")
    BACKFILL = ("历史补采", "History read so far")
    NO_PROBLEMS = ("目录没有问题", "The catalogue has no problems")
    FEED_NEVER = ("尚未采集", "not collected yet")
    HISTORY_NOT_NEEDED = ("无需", "not needed")
    NONE_SAID = ("无", "none")
    TICKETS_OPEN = ("{} 张未结", "{} open")
    WHERE_FOUND = ("位置", "Where")
    FOUND = ("发现", "Found")
    EXPECTED = ("应为", "Expected")
    FEEDS_SUMMARY = ("{} 个数据源，{} 个不正常", "Feeds: {}, not well: {}")
    MILLISECONDS = ("{} 毫秒", "{} ms")

    # What goes wrong
    NO_SUCH_PAGE = ("没有这个页面", "There is no such page")
    LED_NOWHERE = ("这个地址没有内容：", "Nothing is at this address:")
    TO_TODAY = ("回到今日", "To today's page")
    DID_YOU_MEAN = ("是不是要找：{}", "Did you mean {}")
    REFUSED = ("没有权限", "Not allowed")

    def of(self, language: Language) -> str:
        """The word in `language`."""
        chinese, english = self.value
        return str(chinese if language == "zh" else english)

    def fill(self, language: Language, *parts: object) -> str:
        """The word in `language` with its places `{}` filled in."""
        return self.of(language).format(*parts)
