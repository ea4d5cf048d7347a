"""A crew: the jobs of one department and all that they share and change.

Work that hangs cannot be ended from outside. It is left alone with everything it may still change,
and another crew goes on with copies; the store hears of the first one no more.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.ports import Fenced
from data_access.collector.agenda import Agenda
from data_access.collector.board import Board
from data_access.collector.door import Door
from data_access.collector.flows import PlanFlow
from data_access.collector.histograms import Histograms
from data_access.collector.house import House
from data_access.collector.inspection import Inspection
from data_access.collector.memory import Memory
from data_access.collector.remember import Remember
from data_access.collector.roster import Roster
from data_access.collector.usual import UsualValues
from data_access.collector.work import Desk


class GivenUp(Fenced):
    """The work was given up, and somebody else does it."""


@dataclass(frozen=True)
class Ground:
    """What one crew after another works on. `make_door` opens the way into the department, `lease`
    gives the token of the lease that is held."""

    house: House
    agenda: Agenda
    board: Board
    make_door: Callable[[], Door]
    lease: Callable[[], int]

    def usual(self) -> UsualValues:
        """What is usual, of the history alone."""
        house, zone = self.house, self.agenda.department.zone
        return UsualValues.over(house.catalogue_source, house.history, house.clock, zone)


class Crew:
    """The jobs of one department, to be done until `relieved`."""

    def __init__(self, ground: Ground, before: "Crew | None" = None) -> None:
        """Goes on where the crew before was; that one must have been given up."""
        self._ground = ground
        self._given_up = False
        self.door = ground.make_door()
        flows = before.handed_flows(self._token) if before else self._new_flows()
        house = ground.house
        desk = Desk(
            ground.agenda,
            house.history,
            flows,
            lambda: self.door,
            self._token,
            house.clock,
            ground.board.refusals,
            house.long_work,
        )
        self._flows = flows
        self.roster = self._roster(desk, before)

    @property
    def memory(self) -> Memory:
        """What is remembered over a restart."""
        return self.roster.memory

    def relieved(self) -> "Crew":
        """Give this crew up; the one that goes on in its place."""
        self.give_up()
        return Crew(self._ground, self)

    def give_up(self) -> None:
        """Take its right to write, and its connections."""
        self._given_up = True
        self.door.close()

    def handed_flows(self, token: Callable[[], int]) -> dict[str, PlanFlow]:
        """Its flows for a successor, who writes with a token of its own."""
        return {key: flow.handed_over(token) for key, flow in self._flows.items()}

    def _token(self) -> int:
        """Raises GivenUp, or Fenced where no lease is held."""
        if self._given_up:
            raise GivenUp("the work was given up")
        return self._ground.lease()

    def _new_flows(self) -> dict[str, PlanFlow]:
        house, agenda = self._ground.house, self._ground.agenda
        zone = agenda.department.zone
        return {
            plan.key: PlanFlow(plan, entry.dataset, zone, house.history, self._token, house.clock)
            for entry, plan in agenda.plans()
        }

    def _roster(self, desk: Desk, before: "Crew | None") -> Roster:
        ground, usual = self._ground, self._ground.usual()
        newest = ground.house.catalogue_source.current
        inspection = Inspection(desk, newest)
        if before is None:
            remember = Remember(desk, newest, usual)
            return Roster(
                desk,
                ground.house.pace,
                ground.board,
                Memory(desk),
                usual,
                remember,
                Histograms(desk),
                inspection,
                ground.house.ground,
            )
        old = before.roster
        roster = Roster(
            desk,
            ground.house.pace,
            ground.board,
            old.memory.handed_over(desk),
            usual,
            old.remember.handed_over(desk),
            old.histograms.handed_over(desk),
            inspection,
            ground.house.ground,
        )
        roster.reconciler.queue = old.reconciler.queue[:]
        roster.diary = old.diary.handed_over(desk)
        return roster
