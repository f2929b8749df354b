from __future__ import annotations

from gridpress.report.data.study import Study
from report.made_up.reading import MACHINE, changed, items, prose


def test_growth_is_judged_by_its_interval(mutable):
    text = prose(Study.load(mutable))
    images, pixels = "scales with the number of images *n* as", "scales with the number of pixels *n* as"
    assert f"SVM fit at 784 pixels {images} *n*^1.80^ (95 % interval 1.70 to 1.90: superlinear)" in text
    assert f"2\u202f000 images {pixels} *n*^0.50^ (95 % interval 0.40 to 0.60: sublinear)" in text
    assert "*n*^1.02^ (95 % interval 0.95 to 1.10: not distinguishable from linear)" in text

    def slower(record):
        record["growth"][0]["exponent"] = {"value": 0.8, "low": 0.7, "high": 0.9}

    text = prose(changed(mutable, slower))
    assert f"{images} *n*^0.80^ (95 % interval 0.70 to 0.90: sublinear)" in text


def test_growth_is_shown_against_images_and_against_pixels(study):
    found = items(study)
    table, figure = (found[f"{kind}-growth-{MACHINE}"] for kind in ("tbl", "fig"))
    rows = table.data[["work", "axis", "sizes", "held"]].to_numpy().tolist()
    assert ["SVM fit", "samples", "500, 1\u202f000, 2\u202f000", "784 pixels"] in rows
    assert ["SVM fit", "pixels", "49, 196, 784", "2\u202f000 images"] in rows
    assert set(zip(figure.data["work"], figure.data["axis"], strict=True)) == {
        ("svm fit", "samples"),
        ("svm fit", "pixels"),
        ("training step", "pixels"),
    }
