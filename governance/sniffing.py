"""What a file is, by its bytes. The name counts for plain text only, which has no mark of its own.

An allow-list: whatever is not recognised is refused (415), and the sentence says what it is instead
where that is known.
"""

import zipfile
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePath
from typing import IO

import olefile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.errors import TooLarge, WrongType

MB = 1024 * 1024
PHOTO_BYTES = 15 * MB
PHOTO_PIXELS = 50_000_000
EVIDENCE_BYTES = 100 * MB
UNPACKED_BYTES = 200 * MB
UNPACKED_RATIO = 100
HEAD = 4096  # bytes that are enough for every mark below
TEXT_SAMPLE = 256 * 1024


class Group(Enum):
    """What can be done with a file."""

    PICTURE = "picture"
    PDF = "pdf"
    OFFICE = "office"
    TEXT = "text"
    SOUND = "sound"
    VIDEO = "video"


@dataclass(frozen=True)
class FileType:
    """A kind of file the product takes in; `extension` is what a download is called."""

    extension: str
    media_type: str
    group: Group


_OPENXML = "application/vnd.openxmlformats-officedocument"
JPEG = FileType("jpg", "image/jpeg", Group.PICTURE)
PNG = FileType("png", "image/png", Group.PICTURE)
WEBP = FileType("webp", "image/webp", Group.PICTURE)
HEIC = FileType("heic", "image/heic", Group.PICTURE)
PDF = FileType("pdf", "application/pdf", Group.PDF)
DOCX = FileType("docx", f"{_OPENXML}.wordprocessingml.document", Group.OFFICE)
XLSX = FileType("xlsx", f"{_OPENXML}.spreadsheetml.sheet", Group.OFFICE)
DOC = FileType("doc", "application/msword", Group.OFFICE)
XLS = FileType("xls", "application/vnd.ms-excel", Group.OFFICE)
TXT = FileType("txt", "text/plain; charset=utf-8", Group.TEXT)
CSV = FileType("csv", "text/csv; charset=utf-8", Group.TEXT)
MP4 = FileType("mp4", "video/mp4", Group.VIDEO)
MOV = FileType("mov", "video/quicktime", Group.VIDEO)
GP3 = FileType("3gp", "video/3gpp", Group.VIDEO)
M4A = FileType("m4a", "audio/mp4", Group.SOUND)
MP3 = FileType("mp3", "audio/mpeg", Group.SOUND)
AMR = FileType("amr", "audio/amr", Group.SOUND)
WAV = FileType("wav", "audio/wav", Group.SOUND)

PICTURES = frozenset({JPEG, PNG, WEBP, HEIC})
PAPERS = PICTURES | {PDF}
DOCUMENTS = PAPERS | {DOCX, XLSX, DOC, XLS, TXT, CSV}
EVIDENCE = DOCUMENTS | {MP4, MOV, GP3, M4A, MP3, AMR, WAV}
WORKBOOKS = frozenset({XLSX, XLS, CSV})

_MARKS = {
    b"\xff\xd8\xff": JPEG,
    b"\x89PNG\r\n\x1a\n": PNG,
    b"%PDF-": PDF,
    b"#!AMR": AMR,
    b"ID3": MP3,
    b"\xff\xfb": MP3,
    b"\xff\xf3": MP3,
    b"\xff\xf2": MP3,
}
_RIFF = {b"WEBP": WEBP, b"WAVE": WAV}
_BRANDS = {
    HEIC: {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"},
    MP4: {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV"},
    MOV: {b"qt  "},
    GP3: {b"3gp4", b"3gp5", b"3gp6", b"3gg6", b"3ge6", b"3g2a"},
    M4A: {b"M4A ", b"M4B "},
}
_TEXTS = {".txt": TXT, ".csv": CSV}

_PROGRAM = gettext_lazy("a program")
_ARCHIVE = gettext_lazy("an archive")
_WEB_PAGE = gettext_lazy("a web page or a script")
_PICTURE = gettext_lazy("a picture of a kind that is not accepted here")
_KNOWN_BAD = {
    b"MZ": _PROGRAM,
    b"\x7fELF": _PROGRAM,
    b"\xca\xfe\xba\xbe": _PROGRAM,
    b"\xcf\xfa\xed\xfe": _PROGRAM,
    b"\xfe\xed\xfa": _PROGRAM,
    b"dex\n": _PROGRAM,
    b"#!": _PROGRAM,
    b"Rar!": _ARCHIVE,
    b"7z\xbc\xaf": _ARCHIVE,
    b"\x1f\x8b": _ARCHIVE,
    b"BZh": _ARCHIVE,
    b"\xfd7zXZ": _ARCHIVE,
    b"GIF8": _PICTURE,
    b"BM": _PICTURE,
    b"II*\x00": _PICTURE,
    b"MM\x00*": _PICTURE,
}
_SCRIPT_STARTS = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<?php", b"{\\rtf")


def sniff(file: IO[bytes], name: str, allowed: frozenset[FileType] = EVIDENCE) -> FileType:
    """The type of an open file, which is rewound; `WrongType` when it is not among `allowed`.

    `name` is what the sender calls it: used in the sentence, and to tell text from table.
    """
    file.seek(0)
    head = file.read(HEAD)
    try:
        found = _by_mark(head) or _by_container(file, head) or _by_text(file, head, name)
    finally:
        file.seek(0)
    if not isinstance(found, FileType):
        raise WrongType(_refusal(name, _known_bad(head)))
    if found not in allowed:
        raise WrongType(_not_here(name, found, allowed))
    return found


def check_size(size: int, limit: int, name: str = "") -> None:
    """`TooLarge` (413) beyond `limit` bytes; an empty file is a `WrongType`."""
    if size > limit:
        sentence = _("“%(name)s” is larger than %(limit)d MB.")
        raise TooLarge(sentence % {"name": name, "limit": limit // MB})
    if size == 0:
        raise WrongType(_("“%(name)s” is empty (0 bytes).") % {"name": name})


def _by_mark(head: bytes) -> FileType | None:
    for mark, kind in _MARKS.items():
        if head.startswith(mark):
            return kind
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    return None


def _by_brand(head: bytes) -> FileType | None:
    """ISO base media: the major brand decides, then the compatible ones (avif is none of ours)."""
    size = int.from_bytes(head[:4], "big")
    box = head[8 : min(size, len(head))]
    compatible = [box[i : i + 4] for i in range(8, len(box) - 3, 4)]
    for brand in [box[:4], *compatible]:
        if brand in (b"avif", b"avis"):
            return None
        for kind, brands in _BRANDS.items():
            if brand in brands:
                return kind
    return None


def _by_container(file: IO[bytes], head: bytes) -> FileType | None:
    if head.startswith(b"PK\x03\x04"):
        return _by_members(file)
    if head.startswith(olefile.MAGIC):
        return _by_streams(file)
    return None


def _by_members(file: IO[bytes]) -> FileType | None:
    """A zip is welcome as a Word or Excel file without macros and of honest size."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise WrongType(_("The file is damaged or was not sent completely.")) from error
    names = {member.filename for member in members}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise WrongType(_("The file contains macros. Save it without macros and send it again."))
    _refuse_bomb(members)
    if "[Content_Types].xml" not in names:
        return None
    return DOCX if "word/document.xml" in names else XLSX if "xl/workbook.xml" in names else None


def _refuse_bomb(members: list[zipfile.ZipInfo]) -> None:
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    if unpacked > UNPACKED_BYTES or unpacked > UNPACKED_RATIO * max(packed, 10_000):
        raise TooLarge(_("The file unpacks to far more than its size and was not opened."))


def _by_streams(file: IO[bytes]) -> FileType | None:
    """The old Office container; an encrypted new file has the same form."""
    file.seek(0)
    try:
        with olefile.OleFileIO(file.read()) as container:
            names = {entry[0] for entry in container.listdir()}
    except (OSError, ValueError, IndexError, TypeError) as error:
        raise WrongType(_("The file is damaged or was not sent completely.")) from error
    if names & {"EncryptedPackage", "EncryptionInfo"}:
        raise WrongType(_("The file is protected by a password. Remove it and send it again."))
    if names & {"_VBA_PROJECT_CUR", "Macros", "VBA"}:
        raise WrongType(_("The file contains macros. Save it without macros and send it again."))
    return DOC if "WordDocument" in names else XLS if names & {"Workbook", "Book"} else None


def _by_text(file: IO[bytes], head: bytes, name: str) -> FileType | None:
    kind = _TEXTS.get(PurePath(name).suffix.lower())
    if kind is None or _known_bad(head):
        return None
    file.seek(0)
    return kind if _is_text(file.read(TEXT_SAMPLE)) else None


def _is_text(sample: bytes) -> bool:
    if any(byte < 32 and byte not in b"\t\n\r\f\x1a" for byte in sample):
        return False
    return any(_decodes(sample, encoding) for encoding in ("utf-8", "gb18030"))


def _decodes(sample: bytes, encoding: str) -> bool:
    """A character cut by the end of the sample is no fault."""
    try:
        sample.decode(encoding)
    except UnicodeDecodeError as error:
        return len(sample) == TEXT_SAMPLE and error.start >= len(sample) - 4
    return True


def _known_bad(head: bytes) -> str:
    for mark, word in _KNOWN_BAD.items():
        if head.startswith(mark):
            return str(word)
    if head.startswith(b"PK"):
        return str(_ARCHIVE)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:16].lower()
    return str(_WEB_PAGE) if start.startswith(_SCRIPT_STARTS) else ""


def _refusal(name: str, known: str) -> str:
    if known:
        sentence = _("“%(name)s” was not accepted: whatever its name says, it is %(known)s.")
        return sentence % {"name": name, "known": known}
    sentence = _("“%(name)s” was not accepted: its content is no picture or document known here.")
    return sentence % {"name": name}


def _not_here(name: str, found: FileType, allowed: frozenset[FileType]) -> str:
    sentence = _("“%(name)s” is a %(found)s file; accepted here: %(allowed)s.")
    words = ", ".join(sorted(kind.extension for kind in allowed))
    return sentence % {"name": name, "found": found.extension, "allowed": words}
