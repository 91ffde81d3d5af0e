"""Pictures are made anew: nothing that was hidden in one is left, and none fills the memory."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zlib

import pytest
from PIL import Image

from resolutionflow.core.refusals import Invalid
from sessions_app.files import kinds, pictures
from sessions_app.files.reading import ready
from tests.sessions_app.files.conftest import opened, picture

SCRIPT = b"<script>alert(document.cookie)</script>"
GPS = {1: "N", 2: (59.0, 54.0, 50.0), 3: "E", 4: (10.0, 45.0, 8.0)}


def located(form: str) -> bytes:
    """A picture that says where it was taken, by whom, and that its camera was held on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it
    exif[0x013B] = "Ana Petrov"
    exif.get_ifd(0x8825).update(GPS)
    return picture(form, exif=exif)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def huge_png(width: int, height: int) -> bytes:
    """A small file that says it is a huge picture, and is."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "LA", "1", "I;16", "CMYK"])
def test_every_kind_is_taken(form, mode) -> None:
    try:
        came = picture(form, mode=mode)
    except (OSError, ValueError):
        pytest.skip("there is no such picture")
    file = ready("a", came)
    assert kinds.picture_format(file.content) == form
    assert (file.width, file.height, opened(file.content).size) == (40, 30, (40, 30))
    assert opened(file.thumbnail).format == "WEBP"
    assert file.content_type == kinds.PICTURES[form].content_type


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_location_and_names_are_gone_and_it_stands_upright(form) -> None:
    came = located(form)
    assert opened(came).getexif().get_ifd(0x8825)
    file = ready("a.jpg", came)
    image = opened(file.content)
    assert not image.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(image.info)
    assert (image.size, b"Petrov" in file.content, b"Exif" in file.content) == ((30, 40), False, False)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_what_is_behind_or_within_a_picture_is_gone(form) -> None:
    saved = {"comment": SCRIPT} if form in ("JPEG", "GIF") else {}
    for came in (picture(form, **saved) + SCRIPT, picture(form) + b"PK\x03\x04 a zip" + SCRIPT):
        file = ready("a.html", came)
        assert (SCRIPT in file.content, b"PK\x03\x04" in file.content, SCRIPT in file.thumbnail) == (False,) * 3


def test_a_gif_that_is_a_script_too_is_none_after() -> None:
    came = bytearray(picture("GIF", (0x2A2F, 1)))  # its width, as it is written, begins a comment: /*
    came += b"*/=1;alert(1)//"
    assert came[6:8] == b"/*"
    kept = ready("a.js", bytes(came)).content
    assert (b"alert" in kept, kept.startswith(b"GIF8")) == (False, True)


def test_a_decompression_bomb_is_refused_by_its_header() -> None:
    came = huge_png(50_000, 50_000)
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(Invalid, match="at most 40 million pixels"):
        ready("bomb.png", came)
    assert time.process_time() - began < 2
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_nor_is_one_in_the_words_of_a_picture_unpacked() -> None:
    """Text that a PNG carries packed: 20 MB of it."""
    bomb = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(20_000_000), 1))
    plain = picture("PNG")
    with pytest.raises(Invalid, match="cannot be read"):
        ready("a.png", plain[:33] + bomb + plain[33:])


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_one_that_is_cut_off_is_refused(form) -> None:
    out = io.BytesIO()
    Image.effect_noise((200, 200), 100).convert("RGB").save(out, form)
    with pytest.raises(Invalid, match="damaged, or cut off"):
        ready("a.jpg", out.getvalue()[: len(out.getvalue()) // 2])


def test_one_that_only_begins_as_a_picture_is_refused() -> None:
    for begins in (b"GIF89a", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"):
        with pytest.raises(Invalid, match="damaged, or cut off"):
            ready("a.gif", begins + SCRIPT)


def test_an_animation_is_kept_and_a_film_refused() -> None:
    pages = [Image.new("RGB", (40, 30), (n, 0, 0)) for n in (0, 120, 250)]
    out = io.BytesIO()
    pages[0].save(out, "GIF", save_all=True, append_images=pages[1:], duration=300)
    image = opened(ready("a.gif", out.getvalue()).content)
    assert (getattr(image, "n_frames", 1), image.info["duration"]) == (3, 300)
    many = [Image.new("RGB", (4, 4), (n, 0, 0)) for n in range(pictures.FRAMES + 1)]
    out = io.BytesIO()
    many[0].save(out, "GIF", save_all=True, append_images=many[1:])
    with pytest.raises(Invalid, match="animation is too long"):
        ready("a.gif", out.getvalue())


def test_a_picture_grows_little() -> None:
    out = io.BytesIO()
    Image.effect_noise((800, 600), 60).convert("RGB").save(out, "JPEG", quality=60)
    assert len(ready("a.jpg", out.getvalue()).content) < len(out.getvalue()) * 1.1
