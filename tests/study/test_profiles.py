from __future__ import annotations

import re
import shlex
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import DECLARED, FROZEN, ROOT
from gridpress.config.declared import declared
from gridpress.config.params import load_params, parse_params
from gridpress.config.yaml_file import read_yaml
from gridpress.errors import InputError
from gridpress.families.registry import runs_by_stage_name
from gridpress.pipeline.plan import describe
from gridpress.pipeline.repro.estimate import estimates
from gridpress.study import profiles
from gridpress.study.project import Project
from properties.conftest import examples

HERE = Project(ROOT)
NAMES = profiles.names(HERE)


def copied(origin, folder):
    shutil.copy(origin.params, folder)
    shutil.copytree(origin.profiles, folder / "profiles")
    shutil.copytree(origin.root / "data" / "datasets", folder / "data" / "datasets")
    return Project(folder)


@pytest.fixture
def study(tmp_path):
    """A copy of the frozen study."""
    return copied(FROZEN, tmp_path)


@pytest.fixture
def committed(tmp_path):
    """A copy of the committed study."""
    return copied(HERE, tmp_path)


def as_dvc_does(path, command):
    """What `dvc exp run -S` makes of a params.yaml."""
    from dvc.utils.hydra import apply_overrides  # noqa: PLC0415

    words = shlex.split(command)
    assert words[:3] == ["dvc", "exp", "run"]
    assert set(words[3::2]) <= {"-S"}
    apply_overrides(str(path), words[4::2])


def test_the_profiles_are_named(study):
    (study.profiles / "another.yaml").write_text("train: {epochs: 1}\n", encoding="utf-8")
    assert profiles.names(study) == ["another", "smoke"]


NAMED = (("svm", "configs"), ("baseline", "configs"), ("hardware", "measure", "targets"))


@pytest.mark.committed
@pytest.mark.parametrize("name", NAMES)
def test_a_profile_is_valid_and_has_its_runs_counted_and_its_cost_estimated(name):
    chosen = profiles.load(HERE, name)
    text = describe(chosen, estimates(HERE, chosen, runs_by_stage_name(chosen), None))
    assert len(re.findall(r"about .* on one core", text)) == 3, text


@pytest.mark.committed
@pytest.mark.parametrize("name", NAMES)
def test_the_line_for_dvc_gives_the_parameters_of_the_profile(committed, name):
    wanted = profiles.load(committed, name)
    as_dvc_does(committed.params, profiles.command(committed, name))
    assert load_params(committed.params) == wanted
    assert profiles.command(committed, name) == "dvc exp run"  # nothing differs any more


@pytest.mark.committed
@pytest.mark.parametrize("name", NAMES)
def test_applied_to_the_file_it_is_the_same_and_comments_stay(committed, name):
    wanted = profiles.load(committed, name)
    profiles.apply(committed, name)
    assert load_params(committed.params) == wanted
    assert "# passes over the training images" in committed.params.read_text(encoding="utf-8")


@pytest.mark.committed
@pytest.mark.parametrize("name", NAMES)
def test_a_profile_says_only_what_differs(name):
    """An entry of a block of named ones is said whole: whoever took it out of params.yaml needs all of it."""
    content = read_yaml(HERE.params)

    def same(content, patch, *above):
        for key, value in patch.items():
            if isinstance(value, dict) and above not in NAMED:
                yield from same(content.get(key, {}), value, *above, key)
            elif value is not None and content.get(key) == value:
                yield ".".join((*above, key))

    assert [*same(content, profiles.read(HERE, name))] == []


@pytest.mark.committed
def test_the_published_profile_is_what_the_studies_did():
    published = profiles.load(HERE, "published")
    assert published.used("mnist")["train"] == 49_000
    assert (published.train.epochs, published.train.milestones) == (10, [5])
    assert published.train.image_size == 64
    grid = published.train.grid
    assert grid.precision == ["fp32", "fp16"]
    assert grid.data_memory == ["pageable", "pinned"]
    assert len(runs_by_stage_name(published)) == 128 + 26 + 10


def test_mappings_are_merged_null_removes_and_all_else_replaces():
    content = {"a": {"b": 1, "c": [1, 2]}, "d": 3}
    assert profiles.patched(content, {"a": {"b": None, "c": [4], "e": {"f": 5}}}) == {
        "a": {"c": [4], "e": {"f": 5}},
        "d": 3,
    }
    assert content == {"a": {"b": 1, "c": [1, 2]}, "d": 3}


KEYS = st.from_regex(r"[a-z][a-z0-9_-]{0,6}", fullmatch=True)
TEXTS = st.one_of(
    st.sampled_from(
        ["all", "true", "null", "1e3", "NaN", "a b", "it's", "-", "${x}", "3", '"', "\\", ",", "[", "ü"]
    ),
    st.from_regex(r"[A-Za-z0-9_.-]{1,8}", fullmatch=True),
)
SCALARS = st.one_of(st.booleans(), st.integers(-9, 10**6), st.floats(-1e6, 1e6, width=32), TEXTS)
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=3))
MAPPINGS = st.recursive(
    st.dictionaries(KEYS, VALUES, max_size=3),
    lambda inner: st.dictionaries(KEYS, st.one_of(VALUES, inner), max_size=3),
    max_leaves=6,
)


@examples(60)
@given(content=MAPPINGS, patch=MAPPINGS, removed=st.lists(KEYS, max_size=2))
def test_whatever_a_patch_holds_its_line_for_dvc_does_the_same(tmp_path_factory, content, patch, removed):
    from ruamel.yaml import YAML  # noqa: PLC0415

    if "${x}" in repr(patch) or "${x}" in repr(content):  # a reference to OmegaConf, wherever it stands
        return
    patch |= dict.fromkeys(removed)
    path = tmp_path_factory.mktemp("patch") / "params.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(content, file)
    lines = [*profiles.overrides(content, patch)]
    if lines:
        from dvc.utils.hydra import apply_overrides  # noqa: PLC0415

        apply_overrides(str(path), lines)
    assert read_yaml(path) == profiles.patched(content, patch)


def test_an_unknown_profile_is_refused_with_those_that_exist(study):
    with pytest.raises(InputError, match=r"no profile 'smok' in profiles/; it has .*Did you mean smoke\?"):
        profiles.load(study, "smok")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("train: {epochs: 0}", "profiles/mine.yaml on params.yaml: train.epochs is 0"),
        ("train: {epoch: 1}", "profiles/mine.yaml on params.yaml: train.epoch is not a known key"),
        ("[1]", "profiles/mine.yaml: must hold keys and values"),
        ("a: [", "mine.yaml, line 1"),
    ],
)
def test_what_is_wrong_with_a_profile_is_said_with_its_file(study, text, message):
    (study.profiles / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as fault:
        profiles.load(study, "mine")
    assert message in str(fault.value)


def test_a_key_that_no_override_can_name_is_refused(study):
    text = study.params.read_text(encoding="utf-8")
    study.params.write_text(
        text.replace("    rbf-C1-gauto:", "    5rbf: {kernel: rbf, C: 5.0, gamma: auto}\n    rbf-C1-gauto:")
    )
    (study.profiles / "mine.yaml").write_text("svm: {configs: {5rbf: null}}\n", encoding="utf-8")
    with pytest.raises(
        InputError,
        match=r"profiles/mine\.yaml: .* no key that begins with a digit, as in ~svm\.configs\.5rbf",
    ):
        profiles.command(study, "mine")
    profiles.apply(study, "mine")
    assert "5rbf" not in load_params(study.params).svm.configs


def test_a_params_yaml_that_still_holds_profiles_is_told_where_they_went(content):
    with pytest.raises(InputError, match=r"each profile is a file, profiles/NAME\.yaml"):
        parse_params({**content, "profiles": {}}, DECLARED)


@pytest.mark.committed
@pytest.mark.parametrize("name", NAMES)
def test_it_fits_a_params_yaml_without_what_it_changes_by_name(name):
    patch = profiles.read(HERE, name)
    for *above, block in NAMED:
        content = read_yaml(HERE.params)
        there, changed = content, patch
        for key in (*above, block):
            there, changed = there[key], changed.get(key, {})
        for key in changed:
            there.pop(key, None)
        parse_params(profiles.patched(content, patch), declared(HERE.root))
