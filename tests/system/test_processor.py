from __future__ import annotations

import platform

import pytest

from gridpress.system import processor
from gridpress.system.processor import read_cpuinfo

X86 = """processor\t: 0
vendor_id\t: GenuineIntel
cpu family\t: 6
model\t\t: 106
model name\t: Intel(R) Xeon(R) Gold 6326 CPU @ 2.90GHz
flags\t\t: fpu sse2 avx2 avx512f

processor\t: 1
model name\t: another
"""
ARM = """processor\t: 0
Features\t: fp asimd bf16 sve
CPU implementer\t: 0x41
CPU part\t: 0xd40
"""


def test_reads_cpuinfo_of_the_first_processor():
    name, family, features = read_cpuinfo(X86)
    assert (name, family) == ("Intel(R) Xeon(R) Gold 6326 CPU @ 2.90GHz", "family 6, model 106")
    assert "avx512f" in features


def test_reads_cpuinfo_of_arm():
    _, family, features = read_cpuinfo(ARM)
    assert family == "implementer 0x41, part 0xd40"
    assert {"asimd", "bf16", "sve"} <= features


def test_without_cpuinfo_the_platform_names_the_processor(monkeypatch, tmp_path):
    monkeypatch.setattr(processor, "CPUINFO", tmp_path / "nowhere")
    found = processor.processor()
    assert found.name
    assert found.family is None


@pytest.mark.skipif(platform.system() != "Linux", reason="there is no /proc/cpuinfo")
def test_the_processor_of_this_machine_is_that_of_cpuinfo():
    assert processor.processor() == read_cpuinfo(processor.CPUINFO.read_text())
