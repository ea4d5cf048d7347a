"""Settings, read once from the environment (`COMMAND_CENTER_…`) by the composition root."""

from pathlib import Path

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from dashboard.windows import zone_of

PREFIX = "COMMAND_CENTER_"
_SAID = {
    "a valid integer": "a whole number",
    "a valid number": "a number",
    "a valid boolean": "true or false",
}
"""Pydantic's words, and those of the reference."""
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Settings(BaseSettings):
    """What differs between one machine and the next; what differs between cities is catalogue."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    catalog: Path = Field(Path("catalog"), description="folder of the catalogue")
    data: Path = Field(Path("var"), description="folder for embedded databases, sockets and state")
    map_layers: Path | None = Field(
        None,
        description="folder of the city's official layers (`city`, `districts`, `towns`, `water`,"
        " `roads` as .geojson); each stands in for the drawing of that name",
    )
    redis_url: str = Field("", description="Redis; empty starts an embedded one under `data`")
    redis_prefix: str = Field(
        "cc", description="prefix of every key, so that one Redis serves several"
    )
    store_url: str = Field("", description="the center's own database; empty: SQLite under `data`")
    host: str = Field("127.0.0.1", description="address the web listens on")
    port: int = Field(
        8050, ge=0, le=65535, description="port the web listens on; 0 picks a free one"
    )
    allowed_hosts: str = Field(
        "",
        description="further names by which browsers call the web, with commas between them;"
        " `*.example.com` stands for all below one",
    )
    trust_proxy: bool = Field(
        False,
        description="whoever comes through a proxy on this machine counts as the machine itself",
    )
    behind_proxy: bool = Field(
        False,
        description="a proxy on this machine is believed from where and by which scheme somebody"
        " comes, and nothing more: whoever it hands on signs in",
    )
    zone: str = Field("Asia/Shanghai", description="the city's zone, used at the edge")
    web_threads: int = Field(
        8, ge=1, description="threads of the web for the store, and as many for files"
    )
    department_threads: int = Field(
        4, ge=1, description="threads of the web for the questions about each department"
    )
    audit_days: int = Field(
        400, ge=1, description="days for which the audit (who asked a department for what) is kept"
    )
    stream_length: int = Field(4096, ge=100, description="changes kept for screens that reconnect")
    heartbeat: float = Field(
        15.0,
        gt=0,
        le=30,
        description="seconds between heartbeats of /live; a screen that hears nothing for 40 s"
        " connects anew",
    )
    time_scale: float = Field(1.0, gt=0, description="demo city: how many times faster time passes")
    demo_seed: int = Field(20261122, description="demo city: the seed everything is drawn from")
    demo_days: int = Field(60, ge=1, description="demo city: days of history made at first start")
    log_level: str = Field("INFO", description="least severe log level written")

    @property
    def believes_proxy(self) -> bool:
        """Whether a proxy on this machine is believed from where and how somebody comes."""
        return self.trust_proxy or self.behind_proxy

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            zone_of(zone)
        except ValueError:
            raise ValueError("an IANA name such as Asia/Shanghai") from None
        return zone

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, level: str) -> str:
        if level.upper() not in LEVELS:
            raise ValueError(f"one of {', '.join(LEVELS)}")
        return level


def wrong_settings(error: ValidationError) -> list[str]:
    """One line per setting that cannot be used: its variable, what was found, what is expected."""
    return [
        f"{PREFIX}{str(one['loc'][0]).upper()}: found {one['input']!r}, expected"
        f" {_expected(one['msg'])}"
        for one in error.errors()
    ]


def _expected(message: str) -> str:
    """What pydantic's message asks for, without its preamble and its reason."""
    if message.startswith("Value error, "):
        return message.removeprefix("Value error, ")
    expected = message.removeprefix("Input should be ").partition(",")[0]
    return _SAID.get(expected, f"a number {expected}" if "than" in expected else expected)
