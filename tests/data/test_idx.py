"""IDX files are read as they say, or refused with what was expected and found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridpress.data.idx import SHORT, header, parse
from gridpress.errors import GridpressError
from made_up import idx

VALUES = np.arange(3 * 28 * 28).reshape(3, 28, 28) % 251
IMAGES = idx(VALUES)
SHAPE = (None, 28, 28)


def test_values_come_back():
    parsed = parse(IMAGES, SHAPE, "images")
    assert parsed.dtype == np.uint8
    assert np.array_equal(parsed, VALUES)


def test_labels_have_one_dimension():
    assert parse(idx(np.array([7, 0, 9])), (None,), "labels").tolist() == [7, 0, 9]


def test_16_bit_integers_are_read_as_such():
    content = header((3,), SHORT) + np.array([700, 0, 999], ">i2").tobytes()
    assert parse(content, (None,), "labels", SHORT).tolist() == [700, 0, 999]
    with pytest.raises(GridpressError, match="magic number 00000801"):
        parse(content, (None,), "labels")
    with pytest.raises(GridpressError, match="expected 14 bytes"):
        parse(content[:-1], (None,), "labels", SHORT)


def test_a_header_and_values_are_a_file():
    assert header(VALUES.shape) + VALUES.astype(np.uint8).tobytes() == IMAGES


def test_no_images_are_a_valid_file():
    assert parse(idx(np.zeros((0, 28, 28))), SHAPE, "images").shape == (0, 28, 28)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", ["magic number 00000803", "empty"], id="empty"),
        pytest.param(b"<!DOCTYPE html>", ["magic number 00000803", "3c21444f"], id="HTML"),
        pytest.param(b"\0\0\x0d\x03" + IMAGES[4:], ["00000803", "00000d03"], id="floats"),
        pytest.param(idx(np.arange(10)), ["00000803", "00000801"], id="labels for images"),
        pytest.param(IMAGES[:9], ["header of 16 bytes", "found 9"], id="cut in the header"),
        pytest.param(idx(np.zeros((3, 28, 27))), ["any x 28 x 28", "3 x 28 x 27"], id="other dimensions"),
        pytest.param(IMAGES[:-1], ["2368 bytes", "found 2367"], id="truncated"),
        pytest.param(IMAGES + b"\0", ["2368 bytes", "found 2369"], id="excess"),
        pytest.param(
            IMAGES[:4] + b"\xff" * 4 + IMAGES[8:], ["4294967295 x 28 x 28", "found 2368"], id="absurd count"
        ),
    ],
)
@pytest.mark.hostile
def test_what_is_wrong_is_named(content, words):
    with pytest.raises(GridpressError) as error:
        parse(content, SHAPE, "the file")
    assert all(word in str(error.value) for word in ["the file", "expected", *words])


@given(st.binary(max_size=80), st.sampled_from([(None,), (None, 2), (None, 2, 2)]))
def test_any_bytes_give_an_array_of_that_shape_or_one_message(content, shape):
    for candidate in (content, idx(np.zeros((0,) * len(shape)))[:4] + content):
        try:
            parsed = parse(candidate, shape, "bytes")
        except GridpressError:
            continue
        assert parsed.shape[1:] == shape[1:]
        assert candidate.endswith(parsed.tobytes())
