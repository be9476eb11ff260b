"""What a file is says its content; the name persuades nobody."""

import io
import time

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from governance import images, sniffing
from governance.errors import TooLarge, WrongType
from tests.governance import pictures
from tests.governance.files import protected


def sniff(content: bytes, name: str = "file", allowed=sniffing.EVIDENCE):
    return sniffing.sniff(io.BytesIO(content), name, allowed)


ACCEPTED = [
    (pictures.picture("JPEG"), "a.png", "jpg"),
    (pictures.picture("PNG"), "a", "png"),
    (pictures.picture("WEBP"), "a.webp", "webp"),
    (pictures.picture("HEIF"), "IMG_1.HEIC", "heic"),
    (pictures.PDF, "a.doc", "pdf"),
    (pictures.DOCX, "a.zip", "docx"),
    (pictures.XLSX, "a.docx", "xlsx"),
    (pictures.ole("WordDocument"), "a.doc", "doc"),
    (pictures.ole("Workbook"), "a.xls", "xls"),
    (pictures.box(b"isom"), "a.mp4", "mp4"),
    (pictures.box(b"qt  "), "a.mov", "mov"),
    (pictures.box(b"3gp5"), "a.3gp", "3gp"),
    (pictures.box(b"M4A "), "a.m4a", "m4a"),
    (b"#!AMR\n" + bytes(40), "a.amr", "amr"),
    (b"ID3\x04" + bytes(40), "a.mp3", "mp3"),
    (b"RIFF\x24\x00\x00\x00WAVEfmt ", "a.wav", "wav"),
    ("机构名称,地址\n晨光,人民路\n".encode(), "a.csv", "csv"),
    ("机构名称,地址".encode("gb18030"), "a.csv", "csv"),
    ("说明".encode(), "说明.TXT", "txt"),
]


@pytest.mark.parametrize(("content", "name", "extension"), ACCEPTED, ids=lambda v: str(v)[:12])
def test_the_content_decides_whatever_the_name_says(content, name, extension):
    assert sniff(content, name).extension == extension


REFUSED = [
    (pictures.PROGRAM, "photo.jpg"),
    (b"\x7fELF\x02\x01" + bytes(60), "photo.png"),
    (b"#!/bin/sh\nrm -rf /\n", "note.txt"),
    (b"PK\x03\x04" + bytes(10), "broken.docx"),
    (pictures.office("readme.txt"), "photos.docx"),
    (pictures.office("[Content_Types].xml", "ppt/presentation.xml"), "a.docx"),
    (b"Rar!\x1a\x07", "a.pdf"),
    (b"GIF89a" + bytes(40), "a.jpg"),
    (pictures.box(b"avif"), "a.heic"),
    (pictures.ole("PowerPoint Document"), "a.doc"),
    (b"<html><script>alert(1)</script>", "page.txt"),
    (b"\xef\xbb\xbf <svg onload='x'>", "drawing.txt"),
    (b"name\x00address", "table.csv"),
    (b"\xff\xfe\xfd" * 20, "table.csv"),
    (b"just words", "words"),
    (bytes(100), "zeros.jpg"),
]


@pytest.mark.parametrize(("content", "name"), REFUSED, ids=lambda v: str(v)[:20])
def test_what_is_not_on_the_list_is_refused(content, name):
    with pytest.raises(WrongType):
        sniff(content, name)


def test_an_executable_called_jpg_is_named_for_what_it_is():
    with override("en"), pytest.raises(WrongType, match=r"photo\.jpg.*a program") as refusal:
        sniff(pictures.PROGRAM, "photo.jpg")
    assert refusal.value.status == 415


def test_a_file_with_macros_is_refused():
    macro = pictures.office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
    with pytest.raises(WrongType):
        sniff(macro, "a.docx")


def test_a_file_behind_a_password_is_refused():
    with pytest.raises(WrongType):
        sniff(protected().getvalue(), "a.xlsx")


def test_a_zip_bomb_is_not_opened():
    bomb = pictures.office("[Content_Types].xml", "xl/workbook.xml", size=8 * sniffing.MB)
    with pytest.raises(TooLarge):
        sniff(bomb, "a.xlsx")


def test_a_type_that_this_door_does_not_take_is_named():
    with pytest.raises(WrongType, match="pdf"):
        sniff(pictures.PDF, "a.pdf", sniffing.PICTURES)


def test_the_file_is_rewound_for_the_next_reader():
    file = io.BytesIO(pictures.PDF)
    sniffing.sniff(file, "a.pdf")
    assert file.read() == pictures.PDF


@given(st.binary(max_size=600))
def test_any_bytes_get_an_answer_and_no_crash(content):
    for head in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x00\x00\x00\x18ftyp"):
        try:
            sniff(head + content, "a.txt")
        except (WrongType, TooLarge):
            continue


def test_sizes_are_checked_at_both_ends():
    with pytest.raises(TooLarge):
        sniffing.check_size(sniffing.PHOTO_BYTES + 1, sniffing.PHOTO_BYTES, "a.jpg")
    with pytest.raises(WrongType):
        sniffing.check_size(0, sniffing.PHOTO_BYTES, "a.jpg")


def copies(content: bytes, folder, **limits):
    source = folder / "source"
    source.write_bytes(content)
    return images.make_copies(source, folder, **limits)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_picture_gets_a_copy_without_metadata(tmp_path, kind):
    made = copies(pictures.picture(kind), tmp_path)
    for path in (made.public, made.thumb):
        content = path.read_bytes()
        shown = pictures.opened(content)
        assert shown.format == "JPEG"
        assert not shown.getexif()
        assert b"SecretPhoneMaker" not in content
    assert made.taken == pictures.TAKEN


def test_a_turned_picture_stands_upright(tmp_path):
    made = copies(pictures.picture(size=(640, 480), turned=True), tmp_path)
    shown = pictures.opened(made.public.read_bytes())
    assert (made.width, made.height) == shown.size == (480, 640)


def test_a_large_picture_is_shown_smaller(tmp_path):
    made = copies(pictures.picture(size=(3200, 1600)), tmp_path)
    assert (made.width, made.height) == (3200, 1600)
    assert pictures.opened(made.public.read_bytes()).size == (2560, 1280)
    assert max(pictures.opened(made.thumb.read_bytes()).size) == 320


def test_see_through_parts_become_white(tmp_path):
    out = io.BytesIO()
    pictures.Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(out, "PNG")
    made = copies(out.getvalue(), tmp_path)
    assert pictures.opened(made.public.read_bytes()).getpixel((5, 5)) == (255, 255, 255)


def test_too_many_pixels_are_refused_before_decoding(tmp_path):
    began = time.monotonic()
    with pytest.raises(TooLarge):
        copies(pictures.huge_png(7200), tmp_path)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_truncated_picture_is_refused(tmp_path, kind):
    whole = pictures.picture(kind)
    with pytest.raises(WrongType):
        copies(whole[: len(whole) * 2 // 3], tmp_path)


def test_a_picture_that_takes_too_much_memory_costs_only_its_child(tmp_path, monkeypatch):
    monkeypatch.setattr(images, "MEMORY", 200 * 1024 * 1024)
    with pytest.raises(WrongType):
        copies(pictures.huge_png(7000), tmp_path)


def test_a_child_that_does_not_end_is_given_up(tmp_path, monkeypatch):
    stuck = tmp_path / "stuck.py"
    stuck.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(images, "WORKER", stuck)
    monkeypatch.setattr(images, "SECONDS", -4)
    with pytest.raises(WrongType):
        copies(pictures.picture(), tmp_path)


def test_the_child_knows_none_of_our_secrets(tmp_path, monkeypatch):
    teller = tmp_path / "teller.py"
    teller.write_text("import os, sys\nopen(sys.argv[1] + '.env', 'w').write(str(os.environ))\n")
    monkeypatch.setattr(images, "WORKER", teller)
    with pytest.raises(WrongType):
        copies(pictures.picture(), tmp_path)
    assert "DATABASE" not in (tmp_path / "source.env").read_text()
