"""(c) The duty wall in headless Chromium: first value, bytes on the wire, main thread per update.

Figures come from the browser's own accounting (performance metrics and network events); an update
is one frame of the living demo city.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from benchmarks.measuring import free_port, running_house, table, wait_read

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--enable-precise-memory-info",
]  # fmt: skip
CHROMIUM = "/usr/bin/chromium"
WATCHED = 60.0
_FIRST = r"""(() => {
  const look = () => {
    const numbers = [...document.querySelectorAll(".live-value")];
    if (numbers.some((one) => /\d/.test(one.textContent))) window.firstValueAt = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""
"""Notes, in ms since the navigation began, the frame in which the first number is on the screen."""


def metrics(session: CDPSession) -> dict[str, float]:
    """The browser's counters by name, in seconds and bytes."""
    found = session.send("Performance.getMetrics")["metrics"]
    return {entry["name"]: entry["value"] for entry in found}


def first_value(page: Page, url: str) -> tuple[float, int]:
    """Seconds from the start of navigation to the first number, and bytes on the wire by then and
    until the page has come to rest."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.add_init_script(_FIRST)
    page.goto(url)
    page.wait_for_selector(".live-value")
    page.wait_for_timeout(6000)
    return float(page.evaluate("window.firstValueAt")) / 1000, int(sum(sizes))


def per_update(page: Page) -> dict[str, Any]:
    """Main-thread seconds per update over a minute of life, and the heap before and after."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    session.send("HeapProfiler.collectGarbage")
    before, frames = metrics(session), _frames(page)
    page.wait_for_timeout(1000 * WATCHED)
    session.send("HeapProfiler.collectGarbage")
    after, seen = metrics(session), _frames(page) - frames
    busy = after["TaskDuration"] - before["TaskDuration"]
    return {
        "frames": seen,
        "main_ms": 1000 * busy / max(1, seen),
        "script_ms": 1000 * (after["ScriptDuration"] - before["ScriptDuration"]) / max(1, seen),
        "heap_before": before["JSHeapUsedSize"] / 1e6,
        "heap_after": after["JSHeapUsedSize"] / 1e6,
    }


def _frames(page: Page) -> int:
    return int(page.evaluate("window.CommandCenter.live.stats.flushes"))


def measure(url: str) -> list[list[str]]:
    """The figures at 1080p and 4K."""
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for width, height in ((1920, 1080), (3840, 2160)):
            context = browser.new_context(viewport={"width": width, "height": height})
            page = context.new_page()
            took, size = first_value(page, url + "/wall/duty")
            life = per_update(page)
            rows.append([
                f"{width}×{height}", f"{took:.2f}", f"{size / 1e6:.2f}", str(life["frames"]),
                f"{life['main_ms']:.1f}", f"{life['script_ms']:.1f}",
                f"{life['heap_before']:.1f} → {life['heap_after']:.1f}",
            ])  # fmt: skip
            context.close()
        browser.close()
    return rows


def main() -> str:
    """The table."""
    head = ["wall", "first value, s", "MB on the wire", "updates in 60 s",
            "main thread per update, ms", "of it script, ms", "heap, MB"]  # fmt: skip
    with (
        tempfile.TemporaryDirectory() as folder,
        running_house(Path(folder) / "data", free_port(), 180) as house,
    ):
        wait_read(house.url, 1800)
        time.sleep(30)
        return table(head, measure(house.url))


if __name__ == "__main__":
    print(main())
