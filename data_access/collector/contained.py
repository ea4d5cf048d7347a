"""Work whose failure, whatever it is, must not end the thread that does it."""

from types import TracebackType


class Contained:
    """Keeps an exception of what is done within, so that whoever started it can say and count it;
    what asks the process to end passes."""

    error: Exception | None = None

    def __enter__(self) -> "Contained":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> bool:
        if isinstance(error, Exception):
            self.error = error
            return True
        return False
