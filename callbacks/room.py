"""The room: what its screens show and how their devices are, for the register and for the desk."""

from dataclasses import dataclass

from callbacks.devices import Devices
from callbacks.services import Services
from callbacks.stages import Stages
from dashboard.ports import Unreachable
from layouts.pages.screens import Register
from layouts.view import View


@dataclass(frozen=True)
class Room:
    """What the pages that look after screens work with."""

    services: Services
    devices: Devices
    stages: Stages

    async def register(self, view: View) -> Register:
        """How all screens and paired devices are now."""
        showing = {key: self.stages.showing_of(one) for key, one in view.catalogue.screens.items()}
        devices = self.devices.all
        try:
            heard = await self.services.wire.heard(device.id for device in devices)
        except Unreachable:
            return Register(devices, known=False, showing=showing)
        return Register(devices, heard, showing=showing)
