"""Pictures and other files made for tests, as bytes."""

import io
import zipfile

import olefile
import pillow_heif
from PIL import Image, ImageDraw

TAKEN = "2026:03:04 09:30:00"


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), *, turned=False) -> bytes:
    """A picture with a camera's metadata: maker, place and time; `turned` asks for a rotation."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 4), fill="red")
    out = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(image).save(out, exif=_exif(turned).tobytes())
    else:
        image.save(out, kind, exif=_exif(turned))
    return out.getvalue()


def _exif(turned: bool) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "SecretPhoneMaker"
    exif[0x0112] = 6 if turned else 1
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (26.0, 58.0, 12.0)
    exif.get_ifd(0x8769)[0x9003] = TAKEN
    return exif


def huge_png(side: int) -> bytes:
    """A small file of very many pixels."""
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG", optimize=True)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def office(*members: str, size: int = 100) -> bytes:
    """A zip with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in members:
            archive.writestr(name, "x" * size)
    return out.getvalue()


DOCX = office("[Content_Types].xml", "word/document.xml")
XLSX = office("[Content_Types].xml", "xl/workbook.xml")
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PROGRAM = b"MZ\x90\x00\x03" + bytes(200)


def box(brand: bytes) -> bytes:
    """The head of an ISO media file (photo, video or sound of a phone)."""
    return (24).to_bytes(4, "big") + b"ftyp" + brand + bytes(4) + brand + b"isom" + bytes(64)


def ole(stream: str) -> bytes:
    """A minimal OLE container (old Office) with one named stream."""
    sector, free, end = 512, b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff"
    head = olefile.MAGIC + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00" + bytes(6)
    head += bytes(4) + _int(1) + _int(1) + bytes(4) + _int(4096) + end + _int(0) + end + _int(0)
    head += _int(0) + free * 108
    fat = b"\xfd\xff\xff\xff" + end + free * 126
    root = _entry("Root Entry", 5, child=1)
    return head + fat + (root + _entry(stream, 2) + bytes(256)).ljust(sector, b"\x00")


def _int(value: int) -> bytes:
    return value.to_bytes(4, "little")


def _entry(name: str, kind: int, child: int = 0xFFFFFFFF) -> bytes:
    text = (name + "\x00").encode("utf-16-le")
    none = b"\xff\xff\xff\xff"
    return (
        text.ljust(64, b"\x00") + len(text).to_bytes(2, "little") + bytes([kind, 1])
        + none + none + _int(child) + bytes(36) + b"\xfe\xff\xff\xff" + bytes(8)
    )  # fmt: skip
