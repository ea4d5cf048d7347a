"""A sheet of a workbook read in a process of its own: `python sheet.py [name] < file.xlsx`.

A workbook of a few bytes can ask for any amount of memory: its reader keeps every place from the
first cell to the last, and ends the whole process where that is not to be had. Here it ends only
this one. It knows nothing of the project, so that it starts fast; what it found goes to standard
output as a pickled pair, see `Found`.
"""

import io
import pickle
import resource
import sys
from typing import Any

import python_calamine

MEMORY = 1024 * 1024 * 1024
"""Bytes that reading a workbook may take."""
PROCESSOR_SECONDS = 120
MOST_CELLS = 5_000_000
"""Places of a sheet, empty ones between others included."""

Found = tuple[str, Any]
"""`rows` and lists of cells; `names` and the sheets that are there, where none is called so;
`large` and rows × columns; `bad` and what is wrong in the reader's words."""


def found_in(data: bytes, name: str) -> Found:
    """What a workbook holds in the sheet called so, or in its first."""
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        names = book.sheet_names
        if not names:
            return "bad", "no sheets"
        if name and name not in names:
            return "names", names
        sheet = book.get_sheet_by_name(name or names[0])
        rows, columns = (last + 1 for last in sheet.end or (0, 0))
        if rows * columns > MOST_CELLS:
            return "large", (rows, columns)
        return "rows", sheet.to_python(skip_empty_area=False)
    except python_calamine.CalamineError as error:
        return "bad", str(error)


def main() -> None:
    """Read within the limits; what exceeds them ends this process with no answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    found = found_in(sys.stdin.buffer.read(), name)
    pickle.dump(found, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
