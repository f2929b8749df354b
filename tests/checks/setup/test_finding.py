from __future__ import annotations

from checking import check_in


def test_all_lines_are_aligned(study):
    lines = check_in(study.root).out.splitlines()
    assert {line.index(line.split(maxsplit=1)[1]) for line in lines} == {10}


def test_however_much_is_broken_the_message_stays_short(study):
    for path in study.metrics.rglob("*.json"):
        path.write_text("{" * 3000)
    said = check_in(study.root)
    assert said.code == 1
    assert len(said.err.splitlines()) <= 22
    assert len(said.err) < 6000
