"""Texts in the city's two languages."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
BLANKS = " \t\r\n\u3000"
"""What is stripped from codes that are folded; the last one is the wide blank of Chinese text."""


def folded(text: str) -> str:
    """A code without case and surrounding blanks."""
    return text.strip(BLANKS).upper()


class Text(BaseModel):
    """One text in Chinese and English; both must be given, Chinese is shown first."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1)

    zh: str
    en: str

    def of(self, language: Language) -> str:
        """The text in `language`."""
        return self.zh if language == "zh" else self.en
