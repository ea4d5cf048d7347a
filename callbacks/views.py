"""Views: what a callback gives to a renderer, built from the services and who asks."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from callbacks.look import LOOK, Look
from callbacks.services import Services
from dashboard.access import Person
from dashboard.catalogue import Catalogue
from dashboard.frames import visible
from dashboard.seen import catalogue_of
from layouts.view import View


def build_view(
    services: Services,
    person: Person,
    *,
    path: str | None = None,
    params: Mapping[str, str] | None = None,
    language: object = None,
    theme: object = None,
) -> View:
    """The view of the current request.

    `path` and `params` are those of the page in the browser (by default what the request says of
    it); `language` and `theme` what the switches have chosen, None where nobody chose.
    """
    known = LOOK.get()
    look = Look(
        known.path if path is None else path,
        known.params if params is None else params,
        known.cookies,
    )
    return View(
        catalogue=seen_catalogue(services, person),
        sections=cut(services, person),
        person=person,
        language=look.language(language),
        theme=look.theme(theme),
        now=services.clock(),
        zone=ZoneInfo(services.settings.zone),
        path=look.path,
        params=look.params,
        geography=services.geography,
    )


def seen_catalogue(services: Services, person: Person) -> Catalogue:
    """The newest good catalogue as far as somebody may see it: a page names no other department."""
    return catalogue_of(services.catalogue, person.audience)


def cut(services: Services, person: Person) -> Mapping[str, Mapping[str, dict[str, object]]]:
    """The newest frame as far as somebody may see it."""
    seen = visible(services.live.sections(), person.audience)
    return {
        name: {key: entry for key, entry in entries.items() if entry is not None}
        for name, entries in seen.items()
    }
