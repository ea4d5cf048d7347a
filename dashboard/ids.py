"""Every component id, once. Constants for single components, functions for repeated ones."""

URL = "url"
PAGE = "page"
NAVIGATION = "navigation"
LANGUAGE = "language"
THEME = "theme"
SEARCH = "search"
SEARCH_FIELD = "search-field"
SEARCH_FOUND = "search-found"
SEARCH_SAID = "search-said"
"""The search: its dialogue, the place of its field, what was found, what is said of it."""
NOTICE = "notice"
"""Where a callback that failed says so."""


def panel_figure(panel: str) -> dict[str, str]:
    """The chart of one panel."""
    return {"type": "panel-figure", "panel": panel}


PAGE_TICK = "page-tick"
"""Asks once a minute for whatever on a page comes from history."""
PAGE_SCHEME = "page-scheme"
"""`light` or `dark` as the browser shows the page, for charts, which no style sheet colours."""
PART_DEFINITION = "definition"
PART_SOURCE = "source"
PART_SQL = "sql"
PART_ROWS = "rows"
"""Parts of the indicator page that an address can name after a `#`."""
MAP_CHOSEN = "map-chosen"
"""What somebody chose on the map: `{layer, id, lon, lat, label}` or `{layer, code}`."""
MAP_CARD = "map-card"
STATUS_TICK = "status-tick"
STATUS_TABLES = "status-tables"
STATUS_TICKETS = "data-tickets"
"""The part of the status page that lists tickets."""


def panel_note(panel: str) -> dict[str, str]:
    """The words over a chart that has nothing to draw."""
    return {"type": "panel-note", "panel": panel}


def panel_split(panel: str) -> dict[str, str]:
    """The bars or rows of a panel that is not a chart."""
    return {"type": "panel-split", "panel": panel}


def lookup_choice(panel: str, column: str) -> dict[str, str]:
    """Where one thing of a lookup is chosen."""
    return {"type": "lookup-choice", "panel": panel, "column": column}


def lookup_again(panel: str) -> dict[str, str]:
    """The button that asks for the answer of a lookup anew."""
    return {"type": "lookup-again", "panel": panel}


def lookup_answer(panel: str) -> dict[str, str]:
    """The answer of a lookup."""
    return {"type": "lookup-answer", "panel": panel}


def indicator_sql(key: str) -> dict[str, str]:
    """Where the statement behind an indicator is shown."""
    return {"type": "indicator-sql", "key": key}


def indicator_rows(key: str) -> dict[str, str]:
    """Where the newest rows behind an indicator are shown."""
    return {"type": "indicator-rows", "key": key}


def indicator_rows_ask(
    key: str, place: str, rule: str = "", offset: int | str = 0, by: str = "", part: str = ""
) -> dict[str, int | str]:
    """A button that asks the department for rows, and which: those from `offset` on, of one
    set-aside rule where one is named, of one `part` of the split `by` where one is chosen. `place`
    tells apart buttons that ask for the same."""
    return {
        "type": "indicator-rows-ask",
        "key": key,
        "place": place,
        "rule": rule,
        "offset": offset,
        "by": by,
        "part": part,
    }


def record_box(dataset: str, key: str) -> dict[str, str]:
    """Where one row of a department is shown."""
    return {"type": "record-box", "dataset": dataset, "key": key}


ENTRY_FORM = "entry-form"
"""Which form the page shows."""
ENTRY_PLACE = "entry-place"
ENTRY_AUTHOR = "entry-author"
ENTRY_SEND = "entry-send"
ENTRY_SAID = "entry-said"
ENTRY_KEPT = "entry-kept"
"""What has been entered, as the store has it."""
ENTRY_TICK = "entry-tick"


def entry_field(name: str) -> dict[str, str]:
    """Where one field of a form is typed in."""
    return {"type": "entry-field", "name": name}


def entry_withdraw(place: str, entry: str) -> dict[str, str]:
    """The button that withdraws an entry of a place: the one seen, not what stands there by then."""
    return {"type": "entry-withdraw", "place": place, "entry": entry}


def feeds_of(department: str) -> str:
    """The feeds of a department on the status page."""
    return f"feeds-{department}"


LATE_NUMBERS = "late-numbers"
"""The numbers that are late, on the status page."""
SCREENS_TICK = "screens-tick"
SCREENS_LIST = "screens-list"
SCREENS_SHOWN = "screens-shown"
"""What the list of screens was made of, by which it is known whether it is another now."""
SCREENS_SAID = "screens-said"
PAIR_CODE = "pair-code"
PAIR_SCREEN = "pair-screen"
PAIR_NAME = "pair-name"
PAIR_SEND = "pair-send"


def device_facts(device: str) -> dict[str, str]:
    """How a paired device is."""
    return {"type": "device-facts", "device": device}


def device_name(device: str) -> dict[str, str]:
    """Where a device's name is typed."""
    return {"type": "device-name", "device": device}


def device_action(action: str, device: str) -> dict[str, str]:
    """The button that does something with a device: `rename`, `revoke` or `identify`."""
    return {"type": "device-action", "action": action, "device": device}


DESK_TICK = "desk-tick"
DESK_SAID = "desk-said"
DESK_MATTERS = "desk-matters"


def desk_state(screen: str) -> dict[str, str]:
    """What a screen shows now, on the desk."""
    return {"type": "desk-state", "screen": screen}


def desk_preview(screen: str) -> dict[str, str]:
    """Where a screen's picture is shown in small."""
    return {"type": "desk-preview", "screen": screen}


def desk_look(screen: str) -> dict[str, str]:
    """By which somebody opens the preview of a screen."""
    return {"type": "desk-look", "screen": screen}


def desk_path(screen: str) -> dict[str, str]:
    """Where the page is chosen that is pushed to a screen."""
    return {"type": "desk-path", "screen": screen}


def desk_address(screen: str) -> dict[str, str]:
    """Where the address of any other page is typed."""
    return {"type": "desk-address", "screen": screen}


def desk_text(screen: str) -> dict[str, str]:
    """Where a message to a screen is typed."""
    return {"type": "desk-text", "screen": screen}


def desk_visit(target: str) -> dict[str, str]:
    """Where the kind of visitors is chosen, for a screen or a room."""
    return {"type": "desk-visit", "target": target}


def desk_action(action: str, screen: str) -> dict[str, str]:
    """A button of the desk: what it orders, and of which screen; or of which room, after a colon."""
    return {"type": "desk-action", "action": action, "screen": screen}
