"""Photographs of labels: the codes in them, and what is refused before it is decoded."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from app.codes import photographed
from app.codes.code_sources import codes_from
from app.codes.photographed import label_in, labels_in, pictures_in
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, FileProblem


def symbol(text: str, kind: zxingcpp.BarcodeFormat, scale: int = 4) -> Image.Image:
    drawn = memoryview(zxingcpp.create_barcode(text, kind).to_image(scale=scale))  # type: ignore[arg-type]
    height, width = drawn.shape or (0, 0)
    return Image.frombytes("L", (width, height), drawn.tobytes())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("photos")
    sheet = Image.new("L", (900, 700), 255)
    sheet.paste(symbol("A10244", zxingcpp.BarcodeFormat.QRCode), (40, 40))
    sheet.paste(symbol("A10245", zxingcpp.BarcodeFormat.Code128, 3), (40, 400))
    exif = Image.Exif()
    exif[0x0132] = "2009:11:23 14:41:03"
    sheet.convert("RGB").save(found / "a.jpg", exif=exif)
    Image.new("RGB", (30, 30), "white").save(found / "b.png")
    (found / "c.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(40))
    (found / "d.jpg").write_bytes((found / "a.jpg").read_bytes()[:400])
    (found / "notes.txt").write_text("none")
    return found


def test_several_codes_in_one_picture_with_its_time_and_what_could_not_be_read(folder: Path) -> None:
    told = []
    control = Control(lambda done, total, text: told.append((done, total)))
    sheet, empty, heic, broken = labels_in(pictures_in(folder), control)
    assert sheet.codes == ("A10244", "A10245")
    assert sheet.at > 0
    assert (empty.codes, empty.problem, empty.at) == ((), None, 0)
    assert "JPEG" in str(heic.problem)
    assert "cut short" in str(broken.problem)
    assert told[-1] == (4, 4)


def test_large_files_and_pictures_of_too_many_pixels_are_refused_before_they_are_decoded(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = tmp_path / "huge.jpg"
    with huge.open("wb") as file:
        file.truncate(2 << 30)
    with pytest.raises(FileProblem, match="at most"):
        label_in(huge)
    monkeypatch.setattr(photographed, "MOST_PIXELS", 1000)
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("it was decoded"))
    with pytest.raises(FileProblem, match="too many"):
        label_in(folder / "a.jpg")


def test_a_folder_and_a_picture_are_lists_of_codes(folder: Path) -> None:
    found = codes_from(folder)
    assert [(one.code, one.row) for one in found.codes] == [("A10244", 1), ("A10245", 1)]
    assert len(found.problems) == 3
    assert "b.png shows no code" in str(found.problems[0])
    assert [one.code for one in codes_from(folder / "a.jpg").codes] == ["A10244", "A10245"]


def test_reading_can_be_cancelled(folder: Path) -> None:
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        list(labels_in(pictures_in(folder), control))
    with pytest.raises(FileProblem, match="no folder"):
        pictures_in(folder / "none")
