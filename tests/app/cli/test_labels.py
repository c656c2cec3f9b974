"""``labels``: what is printed, what is told, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2

from app.cli.context import DONE, UNUSABLE, WITH_REMARKS
from tests.app.cli.conftest import Done

Terrier = Callable[..., Done]


def test_labels_are_written_and_records_without_a_tag_are_told(terrier: Terrier, estate: Path, tmp_path: Path) -> None:
    path = tmp_path / "labels.pdf"
    words = ("labels", "server", "--layout", "L7160", "--start", "21", "--copies", "2", "--out", path)
    done = terrier(*words, "--json")
    assert (done.status, done.json["labels"], done.json["pages"], done.json["path"]) == (DONE, 4, 2, str(path))
    page = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()
    assert "A-1" in page
    assert "srv-01" in page
    done = terrier("labels", "application", "--layout", "11354", "--out", path)
    assert (done.status, "no asset tag" in done.err) == (UNUSABLE, True)


def test_layouts_are_listed_and_what_does_not_fit_is_refused(terrier: Terrier, estate: Path, tmp_path: Path) -> None:
    names = {one["name"]: one for one in terrier("labels", "--list", "--json").json["layouts"]}
    assert names["L7160"]["per_page"] == 21
    assert {"L7651", "5160", "DK-11201", "zebra-2x1"} <= set(names)
    assert "63.5 × 38.1" in terrier("labels", "--list").out
    path = tmp_path / "labels.pdf"
    for tag, said in (
        ("LONG-ASSET-TAG-1", "does not fit on Avery L7651 as Code 128. What fits: QR, DataMatrix, Avery L6011"),
        ("LONG-ASSET-TAG-1" * 3, "What fits: QR on Avery L6011, DataMatrix on"),
    ):
        terrier("set", "srv-01", f"asset_tag={tag}")
        refused = terrier("labels", "server", "--layout", "L7651", "--symbol", "code128", "--out", path)
        assert (refused.status, said in refused.err) == (UNUSABLE, True), refused.err
    for words, said in (
        (("--layout", "L7160", "--start", "22"), "from 1 to 21"),
        (("--layout", "L7160", "--copies", "101"), "from 1 to 100"),
        (("--layout", "L7160", "--dpi", "72"), "from 150 to 2,400"),
        (("--layout", "L9999"), "There are no labels “L9999”"),
        (("--layout", "L7160", "--where", "name = nothing"), "No record matches"),
        ((), "Say which labels"),
    ):
        done = terrier("labels", "server", *words, "--out", path)
        assert (done.status, said in done.err) == (UNUSABLE, True), done.err
    assert not path.exists()


def test_some_without_a_tag_are_left_out_and_said(terrier: Terrier, estate: Path, tmp_path: Path) -> None:
    terrier("set", "srv-02", "asset_tag=")
    done = terrier("labels", "server", "--layout", "L7160", "--out", tmp_path / "labels.pdf")
    assert done.status == WITH_REMARKS
    assert "1 record without an asset tag is left out: srv-02" in done.out
    assert "1 page: print it at 100 %" in done.out
    given = terrier("tags", "server", "--json")
    assert (given.status, [(one["name"], one["asset_tag"]) for one in given.json["given"]]) == (
        DONE,
        [("srv-02", "A-4")],
    )
    assert terrier("tags", "server").status == UNUSABLE
