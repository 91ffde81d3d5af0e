"""Pictures are taken apart and made anew, so that nothing but the picture is left: no location, no words, no script.

A picture is opened only when its header says that it has few enough pixels, and one at a time, so that memory is
bounded whatever arrives at once.
"""

from __future__ import annotations

import io
import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps, ImageSequence

from resolutionflow.core.refusals import Invalid, TooCrowded

log = logging.getLogger(__name__)

PIXELS = 40_000_000  # of a picture, or of all pictures of an animation together
FRAMES = 200
THUMBNAIL = (320, 240)
IN_A_LIST = (208, 120)
WAIT = 20  # seconds for one's turn
SAVED = {
    "PNG": {"compress_level": 3},
    "JPEG": {"quality": 90},
    "GIF": {},
    "WEBP": {"quality": 90, "method": 0},
}
BROKEN = "This picture cannot be read: it is damaged, or cut off."
TOO_MANY_PIXELS = "This picture is too large: at most 40 million pixels are taken. Make it smaller."
TOO_MANY_FRAMES = "This animation is too long. Send a picture of the moment that matters."

_turn = threading.Semaphore(1)


@dataclass(frozen=True)
class Picture:
    """A picture made anew, and a small one of it (WebP)."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int


def made_anew(content: bytes, form: str) -> Picture:
    """The picture alone, in the format it came in (PNG, JPEG, GIF or WEBP), turned as its camera was held. Invalid
    where it cannot be read or is too big; TooCrowded where too many wait."""
    with _one_at_a_time():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # PIXELS is less
                return _made_anew(content, form)
        except (Invalid, MemoryError):
            raise
        except Image.DecompressionBombError:
            raise Invalid(file=TOO_MANY_PIXELS) from None
        except Exception as error:  # of a broken picture Pillow raises anything
            log.info("a picture cannot be read: %s", error)
            raise Invalid(file=BROKEN) from None


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _turn.acquire(timeout=WAIT):
        raise TooCrowded
    try:
        yield
    finally:
        _turn.release()


def _made_anew(content: bytes, form: str) -> Picture:
    with Image.open(io.BytesIO(content), formats=[form]) as image:
        width, height = image.size
        if width * height > PIXELS:
            raise Invalid(file=TOO_MANY_PIXELS)
        frames = _frames(image) if form == "GIF" else []
        image.seek(0)
        image.load()
        tables = getattr(image, "quantization", None)
        first = ImageOps.exif_transpose(image)
    if len(frames) > 1:
        kept = _written(frames[0], form, save_all=True, append_images=frames[1:], loop=0)
    elif form == "JPEG" and tables and first.mode in ("L", "RGB"):
        kept = _written(_plain(first, form), form, qtables=tables, quality=-1)  # as fine as it came: it does not grow
    else:
        kept = _written(_plain(first, form), form)
    return Picture(kept, _thumbnail(first), *first.size)


def _frames(image: Image.Image) -> list[Image.Image]:
    """The pictures of an animation, each with how long it is shown."""
    count = getattr(image, "n_frames", 1)
    if count > FRAMES or count * image.width * image.height > PIXELS:
        raise Invalid(file=TOO_MANY_FRAMES)
    return [_alone(frame) for frame in ImageSequence.Iterator(image)] if count > 1 else []


def _alone(frame: Image.Image) -> Image.Image:
    """A copy of the pixels, which knows nothing but how long it is shown."""
    copy = frame.convert("RGBA")
    copy.info = {"duration": frame.info.get("duration", 100)}
    return copy


def _plain(image: Image.Image, form: str) -> Image.Image:
    """The same pixels without anything that came with them."""
    if form == "JPEG" and image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    image.info = {name: image.info[name] for name in ("transparency",) if name in image.info}
    return image


def _written(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **{**SAVED[form], **options})
    return out.getvalue()


def thumbnail_size(size: tuple[int, int], within: tuple[int, int] = THUMBNAIL) -> tuple[int, int]:
    """How large the small picture of one of this size is, or how large it is shown within so much."""
    by = min(1, within[0] / size[0], within[1] / size[1])
    return max(1, round(size[0] * by)), max(1, round(size[1] * by))


def _thumbnail(image: Image.Image) -> bytes:
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if _is_clear(image) else "RGB")
    small = image.resize(thumbnail_size(image.size), reducing_gap=2.0)
    small.info = {}
    out = io.BytesIO()
    small.save(out, "WEBP", quality=80, method=2)
    return out.getvalue()


def _is_clear(image: Image.Image) -> bool:
    return "transparency" in image.info or image.mode in ("LA", "PA")
