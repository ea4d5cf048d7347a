"""Words of data in charts: Plotly reads tags, entities and `%{…}` in every text it draws."""

import html


def plain(text: str) -> str:
    """A text that is drawn letter by letter, whatever a department wrote into it: `A<B>C` would lose
    its letters, and a link would become one."""
    return html.escape(text, quote=False).replace("%{", "%&#123;")
