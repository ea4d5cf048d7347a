"""Files land whole, are refused with words that help, replace their day, and are told of."""

import io
import os
import string
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
import xlsxwriter
from intake_ground import GOOD, NOW, TUESDAY, Ground, visits

from dashboard.catalogue.deliveries import Delivery
from data_access.intake.folder import Waiting
from data_access.intake.judging import Allowed, Judged, judge_file


def test_a_gbk_file_lands_on_every_engine_and_is_told_of(any_ground: Ground) -> None:
    any_ground.put("JZ_20261124.csv", visits(GOOD))
    assert any_ground.receive() == 1
    assert sorted(any_ground.rows("visits", "day", "clinic", "district", "visits", "share")) == [
        (TUESDAY, "桂城诊所", "440605", 58, None),
        (TUESDAY, "祖庙诊所", "440604", 31, 71.5),
    ]
    [told] = any_ground.deliveries(
        "feed", "day", "state", "taken_rows", "aside_rows", "due", "came"
    )
    assert told[:5] == ("visits", TUESDAY, "taken", 2, 0)
    due, came = (at.replace(tzinfo=None) for at in told[5:])
    assert due == datetime(2026, 11, 25, 0, 0), "eight in the morning of the city"
    assert came == datetime(2026, 11, 24, 23, 0)
    assert [path.name for path in any_ground.folder.iterdir()] == ["taken"]


def test_a_corrected_file_replaces_its_day_and_no_other(any_ground: Ground) -> None:
    monday = [("2026/11/23", *row[1:]) for row in GOOD]
    any_ground.put("JZ_20261123.csv", visits(monday))
    any_ground.put("JZ_20261124.csv", visits(GOOD))
    any_ground.receive()
    corrected = [("2026/11/24", "桂城诊所", "440605", 60, "50")]
    any_ground.put("JZ_20261124_更正.csv", visits(corrected), NOW - timedelta(minutes=30))
    any_ground.receive()
    assert sorted(any_ground.rows("visits", "day", "clinic", "visits")) == [
        (date(2026, 11, 23), "桂城诊所", 58),
        (date(2026, 11, 23), "祖庙诊所", 31),
        (TUESDAY, "桂城诊所", 60),
    ]
    told = any_ground.deliveries("day", "state", "due", "taken_rows")
    assert [(day, state, due is None, rows) for day, state, due, rows in told] == [
        (date(2026, 11, 23), "taken", False, 2),
        (TUESDAY, "replaced", False, 2),
        (TUESDAY, "taken", True, 1),
    ], "a day is on time or late by its first file"


def test_the_same_content_sent_twice_changes_nothing(ground: Ground) -> None:
    ground.put("JZ_20261124.csv", visits(GOOD))
    ground.receive()
    before = ground.rows("visits", "clinic", "delivery_id", "received_at")
    ground.put("JZ_20261124_2.csv", visits(GOOD), NOW)
    ground.receive(NOW + timedelta(minutes=5))
    assert ground.rows("visits", "clinic", "delivery_id", "received_at") == before
    assert [state for (state,) in ground.deliveries("state")] == ["taken", "repeated"]
    assert "JZ_20261124.csv" in ground.deliveries("reason_zh")[1][0]


@pytest.mark.parametrize(
    ("name", "data", "zh", "en"),
    [
        (
            "JZ_20261124.csv",
            visits(GOOD, encoding="utf-8"),
            "第 1 行：字节",
            "expected text in gbk; save it as gbk and send it again",
        ),
        (
            "JZ_20261124.csv",
            visits(GOOD, trailer=""),
            "以“合计”开头的合计行；文件可能没有传完",
            "it may have been cut off",
        ),
        (
            "JZ_20261124.csv",
            visits(GOOD, trailer="合计,3,,89"),
            "第 4 行：行数 2，应为合计行所写的 3",
            "line 4: found rows 2, expected the 3 that the last line says",
        ),
        (
            "JZ_20261124.csv",
            visits(GOOD, trailer="合计,2,,99"),
            "“人次”合计 89，应为合计行所写的 99",
            "sum of 人次 89",
        ),
        (
            "JZ_20261124.csv",
            visits(GOOD).replace("人次".encode("gbk"), "总人次".encode("gbk")),
            "应为包含名为“人次”的列；若“总人次”即为该列，请改名后重新报送",
            "where '总人次' is meant to be it, rename it",
        ),
        (
            "JZ_20261124.csv",
            visits([("2026/11/24", "甲", "440699", 1, ""), *GOOD]),
            "3 行中有 1 行不能采用",
            "1 bad rows of 3",
        ),
        (
            "JZ_20261199.csv",
            visits(GOOD),
            "应为 JZ_20261125.csv、",
            "a name such as JZ_20261125.csv",
        ),
        ("JZ_20261126.csv", visits(GOOD), "不晚于今天（2026-11-25）", "no later than today"),
        ("RY_20261122.xlsx", b"not a workbook", "应为 XLSX 工作簿", "save it as .xlsx"),
    ],
    ids=[
        "encoding",
        "cut off",
        "rows missing",
        "another total",
        "no such column",
        "too many bad rows",
        "another name",
        "a day to come",
        "no workbook",
    ],
)
def test_a_bad_file_is_refused_with_words_that_help_and_blocks_nothing(
    ground: Ground, name: str, data: bytes, zh: str, en: str
) -> None:
    ground.put(name, data, NOW - timedelta(hours=3))
    ground.put("JZ_20261123.csv", visits([("2026/11/23", *row[1:]) for row in GOOD]))
    ground.receive()
    refused, taken = ground.deliveries("state", "reason_zh", "reason_en")
    assert refused[0] == "refused"
    assert zh in refused[1]
    assert en in refused[2]
    assert taken[0] == "taken", "the next file is not held up"
    assert len(ground.rows("visits", "clinic")) == 2
    note = (ground.folder / "refused" / f"{name}.reason.txt").read_text(encoding="utf-8")
    assert note == f"{refused[1]}\n{refused[2]}\n"
    assert (ground.folder / "refused" / name).read_bytes() == data


def test_a_bad_row_is_set_aside_and_the_rest_lands(ground: Ground) -> None:
    rows = [("2026/11/24", f"诊所{n}", "440604", n, "") for n in range(1, 9)]
    rows.append(("2026/11/24", "诊所9", "440604", -4, ""))
    ground.put("JZ_20261124.csv", visits(rows, trailer="合计,9,,32"))
    ground.receive()
    assert len(ground.rows("visits", "clinic")) == 8
    [told] = ground.deliveries("state", "taken_rows", "aside_rows", "reason_zh", "reason_en")
    assert told[:3] == ("taken", 8, 1)
    assert told[3].startswith("第 10 行“人次”列：“-4”，应为0 至 10000 的整数；")
    assert told[4] == (
        "line 10, column 人次: found '-4', expected a whole number from 0 to 10000;"
        " mend the row and send it again"
    )
    kept = (ground.folder / "refused" / "JZ_20261124.csv.rows.csv").read_text("utf-8-sig")
    assert told[3] in kept


def test_rows_of_another_day_and_of_one_key_twice_are_set_aside(ground: Ground) -> None:
    rows = [("2026/11/24", f"诊所{n}", "440604", n, "") for n in range(1, 12)]
    rows += [("2026/11/23", "诊所12", "440604", 1, ""), ("2026/11/24", "诊所1", "440604", 1, "")]
    ground.put("JZ_20261124.csv", visits(rows))
    ground.receive()
    assert len(ground.rows("visits", "clinic")) == 11
    kept = (ground.folder / "refused" / "JZ_20261124.csv.rows.csv").read_text("utf-8-sig")
    assert "expected 2026-11-24, which the file's name says" in kept
    assert "a key other than that of line 2" in kept


def test_a_file_that_is_still_written_waits(ground: Ground) -> None:
    ground.put("JZ_20261124.csv", visits(GOOD), NOW)
    ground.put(".JZ_20261123.csv", b"")
    ground.put("JZ_20261123.csv.part", b"")
    assert ground.receive(NOW + timedelta(seconds=2)) == 0
    assert ground.receive(NOW + timedelta(seconds=6)) == 1


def staff(day: date, *, number: object = 12) -> bytes:
    """A workbook with a title over the names of its columns, and typed dates."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("人员")
        date_form = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write(0, 0, "各诊所人员周报")
        sheet.write_row(1, 0, ["日期", "诊所", "人数"])
        for at in range(7):
            moment = datetime.combine(day - timedelta(days=at), datetime.min.time())
            sheet.write_datetime(2 + at, 0, moment, date_form)
            sheet.write_row(2 + at, 1, ["祖庙诊所", number])
    return out.getvalue()


def test_a_workbook_of_a_week_lands_and_its_correction_replaces_the_week(ground: Ground) -> None:
    sunday = date(2026, 11, 22)
    ground.put("RY_20261122.xlsx", staff(sunday))
    ground.receive()
    assert ground.rows("staff", "day", "staff")[0] == (date(2026, 11, 16), 12)
    ground.put("RY_20261122.xlsx", staff(sunday, number=13), NOW - timedelta(hours=1))
    ground.receive()
    assert {number for (number,) in ground.rows("staff", "staff")} == {13}
    assert len(list((ground.folder / "taken").iterdir())) == 2, "both files are kept"


def workbook(*cells: str) -> bytes:
    """A workbook with 1 in some cells."""
    rows = "".join(
        f'<row r="{cell.lstrip(string.ascii_uppercase)}"><c r="{cell}"><v>1</v></c></row>'
        for cell in cells
    )
    with xlsxwriter.Workbook(plain := io.BytesIO()) as book:
        book.add_worksheet("人员")
    out = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                data = data.replace(b"<sheetData/>", f"<sheetData>{rows}</sheetData>".encode())
                assert rows.encode() in data
            new.writestr(entry.filename, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("A1", "XFD1048576"), "a workbook that takes too much to be read"),
        (("A1", "ZZ9999"), "9,999 rows × 702 columns"),
    ],
)
def test_a_sheet_of_far_cells_is_refused_and_the_next_file_taken(
    ground: Ground, cells: tuple[str, ...], said: str
) -> None:
    data = workbook(*cells)
    assert len(data) < 10_000
    ground.put("RY_20261122.xlsx", data, NOW - timedelta(hours=3))
    ground.put("JZ_20261124.csv", visits(GOOD))
    assert ground.receive() == 2
    refused, taken = ground.deliveries("state", "reason_en")
    assert refused[0] == "refused"
    assert refused[1].startswith(f"found {said}, expected a sheet of at most 5,000,000 cells;")
    assert taken[0] == "taken"


def test_what_is_owed_is_awaited_before_it_is_due_and_found_when_it_comes_late(
    ground: Ground,
) -> None:
    ground.put("JZ_20261122.csv", visits([("2026/11/22", *row[1:]) for row in GOOD]))
    ground.receive(NOW)
    told = ground.deliveries("day", "state", "due", awaited=True)
    assert [(day, state) for day, state, _ in told] == [
        (date(2026, 11, 22), "taken"),
        (date(2026, 11, 23), "awaited"),
        (TUESDAY, "awaited"),
        (date(2026, 11, 25), "awaited"),
    ], "of the first day that ever came and since"
    ground.put("JZ_20261124.csv", visits(GOOD), NOW + timedelta(hours=3))
    ground.receive(NOW + timedelta(hours=4))
    [(state, came, due)] = [
        row[1:] for row in ground.deliveries("day", "state", "came", "due") if row[0] == TUESDAY
    ]
    assert state == "taken"
    assert came - due == timedelta(hours=4)


def test_a_refused_file_that_is_put_back_is_judged_again(ground: Ground) -> None:
    path = ground.put("JZ_20261124.csv", visits([("2026/11/24", "甲", "440606", 5, "")]))
    ground.receive()
    codes = ground.root / "catalog" / "codes" / "districts.yaml"
    text = codes.read_text(encoding="utf-8")
    codes.write_text(text + '  "440606": {title: {zh: 顺德, en: Shunde}}\n', encoding="utf-8")
    (ground.folder / "refused" / "JZ_20261124.csv").rename(path)
    ground.receive()
    assert ground.rows("visits", "district") == [("440606",)]
    assert [state for (state,) in ground.deliveries("state")] == ["refused", "taken"]


def test_a_column_that_a_feed_is_given_later_is_added(ground: Ground) -> None:
    ground.put("JZ_20261124.csv", visits(GOOD))
    ground.receive()
    path = ground.root / "catalog" / "departments" / "clinics.yaml"
    added = "      visits: {kind: whole"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(added, "      street: {header: 镇街, required: false}\n" + added), "utf-8"
    )
    data = visits(GOOD).replace("占比\r\n".encode("gbk"), "占比,镇街\r\n".encode("gbk"))
    ground.put("JZ_20261124_2.csv", data.replace(b"71.5", "71.5,祖庙".encode("gbk")), NOW)
    ground.receive(NOW + timedelta(minutes=1))
    assert sorted(ground.rows("visits", "street"), key=str) == [("祖庙",), (None,)]


def test_a_folder_that_is_gone_is_said_once_and_costs_nothing(
    ground: Ground, capsys: pytest.CaptureFixture[str]
) -> None:
    ground.folder.rmdir()
    assert ground.receive() == 0
    ground.folder.mkdir()
    ground.put("JZ_20261124.csv", visits(GOOD))
    assert ground.receive() == 1
    assert capsys.readouterr().out.count("landing folder fails") <= 1


def test_old_taken_files_are_deleted_and_refused_ones_kept(ground: Ground) -> None:
    old = NOW - timedelta(days=40)
    (ground.folder / "taken").mkdir()
    (ground.folder / "refused").mkdir()
    ground.put("taken/JZ_20261001.csv", b"", old)
    ground.put("refused/JZ_20261002.csv", b"", old)
    ground.receive()
    assert list((ground.folder / "taken").iterdir()) == []
    assert len(list((ground.folder / "refused").iterdir())) == 1


def test_times_are_moments_of_utc(ground: Ground) -> None:
    ground.put("JZ_20261124.csv", visits(GOOD))
    ground.receive()
    [(received,)] = set(ground.rows("visits", "received_at"))
    assert received.replace(tzinfo=UTC) == NOW


def test_a_file_of_an_impossible_year_is_refused_and_the_next_taken(ground: Ground) -> None:
    ground.put("RY_00010101.xlsx", staff(date(2026, 11, 22)), NOW - timedelta(hours=3))
    ground.put("JZ_20261124.csv", visits(GOOD))
    assert ground.receive() == 2
    refused, taken = ground.deliveries("state", "reason_en")
    assert refused[0] == "refused"
    assert "expected a day from 2000-01-01 on" in refused[1]
    assert taken[0] == "taken"


def test_a_fault_of_ours_holds_up_no_other_file(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(feed: Delivery, day: date, data: bytes, allowed: Allowed, zone: str) -> Judged:
        if day == TUESDAY:
            raise IndexError("a fault")
        return judge_file(feed, day, data, allowed, zone)

    monkeypatch.setattr("data_access.intake.files.judge_file", failing)
    path = ground.put("JZ_20261124.csv", visits(GOOD), NOW - timedelta(hours=3))
    ground.put("JZ_20261123.csv", visits([("2026/11/23", *row[1:]) for row in GOOD]))
    assert ground.receive() == 2
    assert [state for (state,) in ground.deliveries("state")] == ["refused", "taken"]
    assert "a file on which the center failed" in ground.deliveries("reason_en")[0][0]
    said = capsys.readouterr().out
    assert said.count("fault in dealing with a file") == 1
    assert "IndexError" in said
    monkeypatch.undo()
    (ground.folder / "refused" / path.name).rename(path)
    ground.receive()
    assert [state for (state,) in ground.deliveries("state")] == ["refused", "taken", "taken"]


def test_a_correction_that_is_taken_back_counts_no_more(ground: Ground) -> None:
    corrected = visits([("2026/11/24", "桂城诊所", "440605", 60, "50")])
    for hour, data in enumerate([visits(GOOD), corrected, visits(GOOD)]):
        ground.put("JZ_20261124.csv", data, NOW - timedelta(hours=4 - hour))
        ground.receive()
    assert len(ground.rows("visits", "clinic")) == 2
    told = [state for (state,) in ground.deliveries("state")]
    assert told == ["replaced", "replaced", "taken"]


def test_files_without_rows_of_two_days_are_each_of_their_day(ground: Ground) -> None:
    empty = visits([], trailer="合计,0,,0")
    ground.put("JZ_20261123.csv", empty, NOW - timedelta(hours=3))
    ground.put("JZ_20261124.csv", empty)
    ground.receive()
    told = ground.deliveries("day", "state")
    assert told == [(date(2026, 11, 23), "taken"), (TUESDAY, "taken")]


def test_a_file_that_is_too_large_is_refused_unread(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ground.put("JZ_20261124.csv", b"")
    with path.open("r+b") as file:
        file.truncate(70 * 1024 * 1024)
    os.utime(path, (NOW.timestamp() - 3600,) * 2)
    monkeypatch.setattr("data_access.intake.folder.Waiting.read", lambda *_: pytest.fail("read"))
    ground.receive()
    [told] = ground.deliveries("state", "reason_en")
    assert told == ("refused", "found 70 MB, expected at most 64 MB; send it in parts")


def test_a_link_in_the_landing_folder_is_no_delivery(ground: Ground) -> None:
    secret = ground.root / "secret.csv"
    secret.write_bytes(visits(GOOD))
    os.utime(secret, (NOW.timestamp() - 3600,) * 2)
    link = ground.folder / "JZ_20261124.csv"
    link.symlink_to(secret)
    assert ground.receive() == 0
    with pytest.raises(OSError, match="symbolic link"):
        Waiting(link, 1, 1).read(10)


def test_nothing_is_written_through_a_link_of_a_sender(ground: Ground) -> None:
    elsewhere = ground.root / "elsewhere"
    elsewhere.mkdir()
    (ground.folder / "refused").symlink_to(elsewhere)
    ground.put("JZ_20261199.csv", visits(GOOD))
    ground.receive()
    assert list(elsewhere.iterdir()) == []


def test_a_note_that_is_moved_back_with_its_file_is_no_delivery(ground: Ground) -> None:
    ground.put("JZ_20261124.csv.reason.txt", b"a reason")
    ground.put("JZ_20261124.csv.rows.csv", b"rows")
    assert ground.receive() == 0
    assert ground.deliveries("state") == []


def test_what_was_refused_is_kept_within_bounds(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data_access.intake.kept.LARGEST_FOLDER", 250)
    (ground.folder / "refused").mkdir()
    ground.put("refused/old.csv", b"1", NOW - timedelta(days=200))
    for day in range(1, 5):
        ground.put(f"refused/{day}.csv", b"." * 100, NOW - timedelta(days=day))
    ground.receive()
    assert sorted(path.name for path in (ground.folder / "refused").iterdir()) == ["1.csv", "2.csv"]
