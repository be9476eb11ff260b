"""Pictures, decoded in a child process that may not take more than its memory and time."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from governance.errors import TooLarge, WrongType
from governance.sniffing import PHOTO_PIXELS

WORKER = Path(__file__).with_name("image_worker.py")
MEMORY = 1024 * 1024 * 1024  # bytes of address space; 50 megapixels in RGB are 150 MB
SECONDS = 30


@dataclass(frozen=True)
class Picture:
    """What the child found: upright size in pixels, the camera's time, and two JPEG files."""

    width: int
    height: int
    taken: str
    public: Path
    thumb: Path


def make_copies(source: Path, folder: Path, *, pixels: int = PHOTO_PIXELS) -> Picture:
    """Public copy and thumbnail of the picture at `source`, written into `folder`.

    Raises `TooLarge` beyond `pixels` and `WrongType` when the picture is damaged or decoding it
    takes more memory or time than a picture may.
    """
    found = _run(source, folder, pixels)
    if found.get("error") == "pixels":
        sentence = _("The picture has more than %(limit)d million pixels.")
        raise TooLarge(sentence % {"limit": pixels // 1_000_000})
    if "error" in found:
        raise WrongType(_("The picture is damaged or was not sent completely."))
    return Picture(**found, public=folder / "public.jpg", thumb=folder / "thumb.jpg")


def _run(source: Path, folder: Path, pixels: int) -> dict:
    limits = [str(MEMORY), str(SECONDS), str(pixels)]
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(WORKER), str(source), str(folder), *limits],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS + 5,
            env={"LANG": "C.UTF-8"},  # nothing of ours: neither keys nor addresses
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"error": "time"}
    lines = done.stdout.decode(errors="replace").splitlines()
    return json.loads(lines[-1]) if done.returncode == 0 and lines else {"error": "died"}
