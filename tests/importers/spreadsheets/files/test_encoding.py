from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cmdb.model.errors import FileProblem
from importers.spreadsheets import ReadOptions, open_file, reopen
from importers.spreadsheets.files.encoding import FoundEncoding, decode

#: Words of people and places in each language, and the encodings that its files are in.
WORDS = {
    "Müller Köln Größe Jürgen Bücher Büro Süd Gerät Österreich": "cp1252 mac_roman cp850 iso8859-15",
    "Hélène Genève François réseau Numéro série Château bâtiment": "cp1252 mac_roman cp850",
    "Núñez García José Peña Ubicación Computación Málaga": "cp1252 mac_roman cp850",
    "Søren Århus Jørgen København Lønning Bærbar": "cp1252 mac_roman cp850",
    "Název Umístění Jiří Příkopy Žižkova Šárka Dvořák počítač": "cp1250 iso8859-2 cp852",
    "Użytkownik Łódź Stanisław Żółć Kraków Wiśniewski Gdańsk": "cp1250 iso8859-2 cp852",
    "Kullanıcı İstanbul Şişli Gökçe Yıldız yazıcı Muğla Çağrı": "cp1254 cp857",
    "Имя Место Серийный Ноутбук Москва Склад Иванов": "cp1251 koi8-r cp866 iso8859-5 utf-16-le utf-16-be",
    "Όνομα Τοποθεσία Χρήστης υπολογιστής Αθήνα Γιώργος": "cp1253 iso8859-7",
    "Nosaukums Rīga Brīvības Jūrmala Ķemeri Jānis Bērziņš": "cp1257",
    "שם מיקום משתמש מחשב אביב משה כהן": "cp1255",
    "الاسم الموقع المستخدم حاسوب القاهرة محمد علي": "cp1256",
    "名前 場所 シリアル番号 サーバー 東京都港区 大阪支店": "cp932 euc_jp iso2022_jp utf-16-le",
    "名称 位置 序列号 服务器 北京市朝阳区 笔记本电脑": "gbk gb18030",
    "名稱 位置 序號 伺服器 臺北市信義區 筆記型電腦": "big5",
    "이름 위치 일련번호 서버 서울특별시 노트북 부산지점": "euc_kr",
    "Name Größe Zoë": "utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be",
}


@pytest.mark.parametrize("words", WORDS)
def test_the_letters_of_many_encodings_come_right(words: str) -> None:
    rows = [f"pc-{i};{word};T-{i};{i * 3},50" for i, word in enumerate(words.split())]
    text = "\n".join(["Name;Location;Asset tag;Cost", *rows, ""])
    for encoding in WORDS[words].split():
        found = decode("x.csv", text.encode(encoding))
        assert found.text == text, (encoding, found.encoding)
        assert not found.encoding.doubtful, (encoding, found.encoding)


def test_what_can_be_read_two_ways_is_in_doubt_and_can_be_named(text: Callable[..., Path]) -> None:
    path = text("Name,Location\npc-1,Gdańsk\npc-2,Poznań\n", encoding="cp1250")
    book = open_file(path)
    assert book.encoding_doubtful
    [remark] = book.sheets[0].remarks
    assert remark.code == "encoding.doubtful"
    assert "cp1252" in str(remark.message)
    named = reopen(book, encoding="windows-1250")
    assert named.sheets[0].rows[1:] == [["pc-1", "Gdańsk"], ["pc-2", "Poznań"]]
    assert (named.options.encoding, named.encoding_confidence, named.sheets[0].remarks) == ("cp1250", 1, ())


def test_what_is_sure_is_not_doubted(text: Callable[..., Path]) -> None:
    for content in ("Name\nMüller\n", "Name\nJosé\n", "Monitor\n24” wide\n", "Room\n21°C\n", "Name\nplain\n"):
        book = open_file(text(content, encoding="cp1252"))
        assert not book.encoding_doubtful, (content, book.options.encoding, book.encoding_confidence)
        assert book.sheets[0].rows[1][0] == content.split("\n")[1]


def test_lines_in_another_encoding_are_read_as_what_they_look_like() -> None:
    lines = ["Köln;Müller;Größe", "Łódź;Żółć;Kraków", "Kraków;Wiśniewski;Użytkownik", *["Zürich;Jürg;Grün"] * 9]
    data = b"\n".join(line.encode("cp1250" if "ó" in line else "utf-8") for line in lines)
    found = decode("x.csv", data)
    assert (found.text.split("\n"), found.mixed, found.mixed_encoding) == (lines, (2, 3), "cp1250")


def test_few_foreign_letters_late_in_a_long_file_are_found() -> None:
    text = "Name;Tag\n" + "".join(f"pc-{i};T-{i}\n" for i in range(100_000)) + "Jiří Dvořák;T\nŠárka Žížalová;T\n"
    found = decode("x.csv", text.encode("cp1250"))
    assert found.text == text


def test_bytes_that_fit_no_encoding_are_replaced_and_said(text: Callable[..., Path]) -> None:
    book = open_file(text(b"Name,Notes\na,M\xfcller\nb,K\xf6ln \x81\x8d\nc,J\xfcrgen\n"))
    assert [row[1] for row in book.sheets[0].rows][::3] == ["Notes", "Jürgen"]
    assert [r.row for r in book.sheets[0].remarks if r.code == "encoding.replaced"] == [3]


def test_codecs_that_are_none_for_text_are_refused(text: Callable[..., Path]) -> None:
    for name in ("klingon", "hex", "rot13", "zlib", "undefined", "\0", "idna x"):
        with pytest.raises(FileProblem, match="There is no text encoding"):
            open_file(text("Name\na\n"), ReadOptions(encoding=name))
    with pytest.raises(FileProblem, match="not utf8: byte 5"):
        open_file(text(b"Name\n\xfc\n"), ReadOptions(encoding="utf8"))
    with pytest.raises(FileProblem, match="UTF-32 that was cut short"):
        open_file(text("Name\npc-1\n".encode("utf-32-le")[:-2]))


def test_confidence_is_plain_data() -> None:
    assert FoundEncoding("cp1252", 0.5).doubtful
    assert not FoundEncoding("utf-8").doubtful
