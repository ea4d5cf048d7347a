"""Data tickets (数据问题单): which are wanted of the feeds as they are, and which are mended. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dashboard.catalogue import Department
from dashboard.catalogue.datasets import SetAside
from dashboard.catalogue.tickets import TicketRule
from dashboard.feeds import WHOLE, Feed
from dashboard.readings import State
from dashboard.reasons import Reason, reason_text


@dataclass(frozen=True)
class Ticket:
    """What a department's liaison is asked to mend, and by when."""

    department: str
    dataset: str
    rule: str
    cause: str
    liaison: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None = None

    @property
    def subject(self) -> tuple[str, str]:
        """What there is one open ticket of at a time, within a department."""
        return self.dataset, self.rule


def settle(
    opened: Sequence[Ticket],
    rules: Iterable[TicketRule],
    department: Department,
    feeds: Sequence[Feed],
    now: datetime,
) -> tuple[list[Ticket], list[Ticket]]:
    """The tickets to open and those to close, from those that are open and the feeds as they are.

    A ticket stays open while its feed is not due, since nothing says then that it is mended; one of
    a rule or dataset that is no longer in the catalogue closes.
    """
    known = list(rules)
    wanted = {one.subject: one for one in _wanted(known, department, feeds, now)}
    standing = {one.subject for one in opened}
    fresh = [one for subject, one in wanted.items() if subject not in standing]
    by_key = {rule.key: rule for rule in known}
    mended = [
        replace(one, closed_at=now)
        for one in opened
        if one.subject not in wanted and _is_mended(one, by_key.get(one.rule), feeds)
    ]
    return fresh, mended


def _wanted(
    rules: Iterable[TicketRule], department: Department, feeds: Sequence[Feed], now: datetime
) -> Iterator[Ticket]:
    due = [feed for feed in feeds if feed.state is not State.NOT_DUE]
    whole = len(due) > 1 and all(feed.is_silent for feed in due)
    for rule in rules:
        breaching = [feed for feed in feeds if _breaches(rule, feed, department, now)]
        if whole and rule.states and breaching:
            yield _ticket(rule, breaching[0], WHOLE, department, now)
        else:
            yield from (_ticket(rule, feed, feed.dataset, department, now) for feed in breaching)


def _breaches(rule: TicketRule, feed: Feed, department: Department, now: datetime) -> bool:
    if rule.share is not None:
        share = share_aside(feed, department)
        return share is not None and (feed.arrived or 0) >= rule.min_n and share > rule.share
    if _is_starting(feed) or feed.since is None:
        return False
    return feed.state.value in rule.states and now - feed.since >= rule.after


def _is_starting(feed: Feed) -> bool:
    """Nobody has looked yet: that is the collector's matter, not the liaison's."""
    return (feed.reason or "") in (Reason.NOT_READ.value, Reason.READING_HISTORY.value)


def share_aside(feed: Feed, department: Department) -> float | None:
    """Percent of the rows of the last day that are left out by set-aside rules; None where none
    came or nothing sets any aside."""
    rules = (
        department.datasets[feed.dataset].set_aside if feed.dataset in department.datasets else []
    )
    if not feed.arrived or not rules:
        return None
    return 100 * aside_of(feed, department) / feed.arrived


def aside_of(feed: Feed, department: Department) -> int:
    """Rows of the last day that are left out by set-aside rules."""
    dataset = department.datasets.get(feed.dataset)
    left_out = {rule.name for rule in dataset.set_aside if _is_fault(rule)} if dataset else set()
    return sum(count for name, count in feed.set_aside.items() if name in left_out)


def _is_fault(rule: SetAside) -> bool:
    return not rule.keep and not rule.expected


def _ticket(
    rule: TicketRule, feed: Feed, dataset: str, department: Department, now: datetime
) -> Ticket:
    said = reason_text(feed.reason)
    cause = f"{rule.title.zh}：{said.zh}" if said and rule.states else rule.title.zh
    liaison = department.liaison.zh
    return Ticket(feed.department, dataset, rule.key, cause, liaison, now, now + rule.due)


def _is_mended(ticket: Ticket, rule: TicketRule | None, feeds: Sequence[Feed]) -> bool:
    if rule is None:
        return True
    if ticket.dataset == WHOLE:
        return any(feed.state is State.FRESH for feed in feeds)
    feed = next((one for one in feeds if one.dataset == ticket.dataset), None)
    if feed is None:
        return True
    if rule.share is not None:
        return feed.arrived is not None
    return feed.state is not State.NOT_DUE and feed.state.value not in rule.states
