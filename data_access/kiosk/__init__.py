"""The browser of a screen: Chromium over the whole picture, started again for ever."""

from data_access.kiosk.browser import Kiosk, describe, find_chromium

__all__ = ["Kiosk", "describe", "find_chromium"]
