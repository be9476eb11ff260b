"""What tests of the registry share."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


@pytest.fixture
def picture():
    """`picture("a.jpg")` → an uploaded photo."""

    def make(name: str, colour: str = "blue") -> SimpleUploadedFile:
        out = io.BytesIO()
        Image.new("RGB", (64, 48), colour).save(out, "JPEG")
        return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")

    return make
