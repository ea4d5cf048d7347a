"""The stage: the page at `/wall` that a screen has open for weeks and never leaves.

It is plain HTML and no page of Dash: whoever has not been paired may see nothing of the city, and
what never navigates has to hold as little as it can.
"""

from dataclasses import dataclass
from html import escape

from dashboard.text import Text
from dashboard.words import Word

ENTER = Text(
    zh="请在指挥中心打开下面的地址，输入此码，为这块屏配对",
    en="Open the address below in the command center and enter this code to pair this screen",
)
RENEWED = Text(
    zh="配对码 10 分钟内有效，到期自动更换", en="A code holds for 10 minutes and renews itself"
)
LOST = Text(zh="与指挥中心的连接中断，正在重试", en="The connection is lost; trying again")


@dataclass(frozen=True)
class Look:
    """What the page is made of: its version, and the addresses of its scripts and styles."""

    version: str
    scripts: tuple[str, ...]
    styles: tuple[str, ...]


def render_stage(look: Look) -> str:
    """The page, the same for every browser: what it shows it is told by the stream of orders."""
    styles = "".join(f'<link rel="stylesheet" href="{escape(one)}">' for one in look.styles)
    scripts = "".join(f'<script defer src="{escape(one)}"></script>' for one in look.scripts)
    return (
        f'<!doctype html><html lang="zh-CN" data-kind="stage" data-version="{escape(look.version)}">'
        '<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="/_favicon.ico">'
        f"<title>{escape(Word.COMMAND_CENTER.of('zh'))}</title>{styles}{scripts}</head><body>"
        '<main class="stage" id="stage"></main>'
        '<div class="stage-above" role="status"><div class="stage-drill" id="stage-drill" hidden>'
        '<b></b></div><div class="stage-response" id="stage-response" hidden></div></div>'
        f'<section class="pairing" id="pairing" hidden>{_pairing()}</section>'
        '<div class="stage-band" id="stage-band" role="alert" hidden></div>'
        '<div class="stage-message" id="stage-message" role="status" hidden></div>'
        '<div class="stage-name" id="stage-name" hidden><b></b><span></span></div>'
        f'<div class="stage-lost" id="stage-lost" role="status" hidden>{_both(LOST)}</div>'
        "</body></html>"
    )


def _pairing() -> str:
    return (
        f"<h1>{escape(Word.COMMAND_CENTER.of('zh'))}</h1>"
        f"<p>{_both(ENTER)}</p>"
        '<output class="pairing-code" id="pairing-code">······</output>'
        '<img class="pairing-qr" id="pairing-qr" alt="QR" hidden>'
        '<p class="pairing-address" id="pairing-address"></p>'
        f'<p class="pairing-note">{_both(RENEWED)}</p>'
    )


def _both(text: Text) -> str:
    return f'{escape(text.zh)}<br><span lang="en">{escape(text.en)}</span>'
