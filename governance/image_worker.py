"""The child process that decodes pictures: no network code, no database, no secrets, bounded.

Called by `images.py` as `python -I image_worker.py SOURCE FOLDER MEMORY SECONDS PIXELS`. Writes
`public.jpg` and `thumb.jpg` without any metadata into FOLDER and prints one line of JSON:
`{"width", "height", "taken"}` or `{"error": "pixels" | "damaged"}`.
"""

import contextlib
import io
import json
import resource
import sys
from pathlib import Path

import pillow_heif
from PIL import Image, ImageCms, ImageOps

PUBLIC_SIDE = 2560  # pixels: a 12-megapixel photo stays readable down to a fire certificate
THUMB_SIDE = 320
TAKEN = (0x8769, 0x9003)  # EXIF: DateTimeOriginal


def limit(memory: int, seconds: int) -> None:
    """Bound this process; systems that know no such bound rely on the parent's time limit."""
    for kind, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, memory),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (value, value))


def work(source: Path, folder: Path, pixels: int) -> dict:
    """Decode, turn upright, drop everything but the colours, write both copies."""
    pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # checked here, before anything is decoded
    with Image.open(source, formats=("JPEG", "PNG", "WEBP", "HEIF")) as image:
        if image.width * image.height > pixels:
            return {"error": "pixels"}
        taken = _taken(image)
        size = _upright_size(image)
        image.draft("RGB", (PUBLIC_SIDE, PUBLIC_SIDE))
        shown = _plain(ImageOps.exif_transpose(image))
    _write(shown, PUBLIC_SIDE, folder / "public.jpg", quality=85)
    _write(shown, THUMB_SIDE, folder / "thumb.jpg", quality=78)
    return {"width": size[0], "height": size[1], "taken": taken}


def _upright_size(image: Image.Image) -> tuple[int, int]:
    turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    return (image.height, image.width) if turned else (image.width, image.height)


def _taken(image: Image.Image) -> str:
    """What the camera's clock said, `2026:11:22 09:30:00`, or nothing."""
    value = image.getexif().get_ifd(TAKEN[0]).get(TAKEN[1], "")
    return value if isinstance(value, str) and len(value) == 19 else ""


def _plain(image: Image.Image) -> Image.Image:
    """sRGB on white, without alpha, palette, profile, EXIF or text chunks."""
    image = _in_srgb(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA"):
        return image
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB")) or image
    return image


def _write(image: Image.Image, side: int, path: Path, quality: int) -> None:
    """Shrinks `image` itself, so the larger copy comes first."""
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    image.info = {}
    image.save(path, "JPEG", quality=quality, optimize=True, progressive=True)


def main() -> None:
    source, folder, memory, seconds, pixels = sys.argv[1:]
    limit(int(memory), int(seconds))
    try:
        found = work(Path(source), Path(folder), int(pixels))
    except (OSError, ValueError, SyntaxError, ArithmeticError, TypeError, EOFError, KeyError):
        found = {"error": "damaged"}
    except MemoryError:
        found = {"error": "memory"}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
