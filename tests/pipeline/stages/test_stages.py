from __future__ import annotations

from gridpress.pipeline.stages import say_versions
from gridpress.system.machine import describe


def test_other_versions_than_pinned_are_one_line_on_the_terminal(capsys):
    machine = describe().model_copy(
        update={"differs_from_constraints": {"torch": "2.15.0 instead of 2.14.1"}}
    )
    say_versions(machine)
    said = capsys.readouterr().err
    assert (
        said == "Versions differ from constraints.txt, as the records say: torch 2.15.0 instead of 2.14.1\n"
    )
    say_versions(machine.model_copy(update={"differs_from_constraints": {}}))
    assert capsys.readouterr().err == ""
