"""Routes about the indicator that a path names: what can be wrong with a question, once for all."""

from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from callbacks.answers import bad_question, no_indicator, unanswered
from callbacks.guard import RouteAnswer
from callbacks.questions import NoIndicator
from callbacks.services import Services
from dashboard.access import Person
from dashboard.catalogue import Indicator
from dashboard.ports import Unreachable


def about_indicator(answer: RouteAnswer) -> RouteAnswer:
    """A route of `{key}` (and `{format}`) whose mistakes are told: an unknown key with the nearest
    one (404), a question that cannot be understood with what was expected (400), a source that does
    not answer with its reason (503)."""

    @wraps(answer)
    async def _answered(services: Services, person: Person, request: Request) -> Response:
        named = {n: v for n, v in request.path_params.items() if n != "key"}
        try:
            return await answer(services, person, request)
        except NoIndicator as unknown:
            return unknown_indicator(services, person, unknown.key)
        except ValueError as error:
            return bad_question(error, {**named, **request.query_params})
        except Unreachable as error:
            return unanswered(error)

    return _answered


def unknown_indicator(services: Services, person: Person, key: str) -> Response:
    """404 that names the nearest key the person may see."""
    known = (k for k, i in services.catalogue.indicators() if is_listed(person, k, i))
    return no_indicator(key, known)


def is_listed(person: Person, key: str, indicator: Indicator) -> bool:
    """Whether an indicator is one that a person may know of by name."""
    department = key.partition(".")[0]
    return not indicator.internal and person.audience.sees(department, indicator.roles)
