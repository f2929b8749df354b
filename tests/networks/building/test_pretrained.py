"""torchvision's own loading, of made-up weights: the real ones cannot be had everywhere."""

from __future__ import annotations

import hashlib
import urllib.error
from functools import partial

import pytest
import torch
from torchvision import models
from torchvision.models import Weights, WeightsEnum
from torchvision.transforms._presets import ImageClassification

from gridpress.errors import GridpressError, InputError
from gridpress.networks.building import pretrained
from gridpress.networks.building.architecture import Architecture
from gridpress.networks.building.build import build

WANTED = Architecture("resnet18", channels=3, classes=4, image_size=28, pretrained=True)


@pytest.fixture
def published(tmp_path, monkeypatch):
    """Weights of ResNet-18 as torchvision publishes them, in a file under their name."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(torch.hub, "_hub_dir", None)
    torch.manual_seed(7)
    file = tmp_path / "weights.pth"
    torch.save(models.resnet18().state_dict(), file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()

    class Made(WeightsEnum):
        V1 = Weights(
            url=f"https://example.invalid/models/resnet18-{digest[:8]}.pth",
            transforms=partial(ImageClassification, crop_size=224),
            meta={"categories": ["one"] * 1000, "num_params": 11689512, "min_size": (1, 1)},
        )
        DEFAULT = V1

    monkeypatch.setattr(models, "get_model_weights", lambda _: Made)
    monkeypatch.setattr(models.resnet, "ResNet18_Weights", Made)
    return file


@pytest.fixture
def cached(published, tmp_path):
    """The same in torch's cache directory."""
    name = pretrained._name(models.get_model_weights("resnet18").DEFAULT)
    place = tmp_path / "home" / "hub" / "checkpoints" / name
    place.parent.mkdir(parents=True)
    place.write_bytes(published.read_bytes())
    return place


def test_weights_come_from_the_cache_directory_and_the_head_is_a_new_one(cached):
    state, model = torch.load(cached), build(WANTED, seed=3)
    assert model.fc.weight.shape == (4, 512)
    assert all(
        torch.equal(value, state[name])
        for name, value in model.state_dict().items()
        if not name.startswith("fc.")
    )


@pytest.mark.usefixtures("cached")
def test_the_head_depends_on_the_seed_alone():
    first, again, other = (build(WANTED, seed).fc.weight for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_a_file_is_taken_in_the_place_of_the_cache_directory(published):
    state, model = torch.load(published), build(WANTED, seed=3, file=published)
    assert torch.equal(model.layer4[1].conv2.weight, state["layer4.1.conv2.weight"])


@pytest.mark.usefixtures("published")
def test_they_are_normalised_as_they_were_trained():
    assert pretrained.normalisation("resnet18") == ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


@pytest.mark.usefixtures("published")
def test_what_is_not_there_and_cannot_be_downloaded_is_said_with_the_folder(monkeypatch):
    def offline(*_arguments, **_options):
        raise urllib.error.URLError("no network")

    monkeypatch.setattr(torch.hub, "download_url_to_file", offline)
    with pytest.raises(GridpressError, match=r"not in .+checkpoints and cannot be .+ Put resnet18-"):
        build(WANTED, seed=0)


@pytest.mark.usefixtures("published")
def test_a_file_of_another_network_is_refused(tmp_path):
    torch.save(models.resnet34().state_dict(), tmp_path / "other.pth")
    with pytest.raises(InputError, match=r"other.pth: not the weights of torchvision's resnet18"):
        build(WANTED, seed=0, file=tmp_path / "other.pth")


@pytest.mark.parametrize("content", [b"", b"no weights", b"PK\x03\x04"])
@pytest.mark.usefixtures("published")
def test_a_file_that_holds_no_weights_is_refused(tmp_path, content):
    (tmp_path / "broken.pth").write_bytes(content)
    with pytest.raises(InputError, match=r"broken.pth: not the weights"):
        build(WANTED, seed=0, file=tmp_path / "broken.pth")


def test_a_cached_file_that_its_name_does_not_promise_is_refused(cached):
    cached.write_bytes(cached.read_bytes() + b"x")
    with pytest.raises(InputError, match=r"SHA-256 expected [0-9a-f]{8}…, found .+; delete it"):
        build(WANTED, seed=0)


@pytest.mark.usefixtures("published")
def test_a_file_that_would_run_something_is_refused(tmp_path):
    class Call:
        def __reduce__(self):
            return (tmp_path / "called").touch, ()

    torch.save({"conv1.weight": Call()}, tmp_path / "hostile.pth")
    with pytest.raises(InputError, match=r"hostile.pth: not the weights"):
        build(WANTED, seed=0, file=tmp_path / "hostile.pth")
    assert not (tmp_path / "called").exists()


@pytest.mark.extended
@pytest.mark.parametrize("name", ["googlenet", "inception_v3"])
def test_networks_whose_weights_have_auxiliary_outputs_give_logits_alone(name, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    file = tmp_path / "weights.pth"
    torch.save(models.get_model(name, aux_logits=True, init_weights=False).state_dict(), file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    url = f"https://example.invalid/{name}-{digest[:8]}.pth"
    monkeypatch.setattr(models.get_model_weights(name), "url", url, raising=False)
    side = pretrained.image_size(name)
    built = build(Architecture(name, 3, 4, side, pretrained=True), seed=0, file=file).train()
    state = torch.load(file)
    assert all(torch.equal(value, state[key]) for key, value in built.state_dict().items() if "fc" not in key)
    assert built.transform_input
    assert built(torch.zeros(2, 3, side, side)).shape == (2, 4)
