from __future__ import annotations

from checking import check_in


def edit(study, old, new):
    text = study.params.read_text()
    assert old in text
    study.params.write_text(text.replace(old, new, 1))


def test_what_can_be_computed_is_said_in_a_line(study):
    assert check_in(study.root).line("runs") == "networks take the images, estimators their parameters"


def test_a_network_that_cannot_take_the_images_is_named_with_a_size_that_works(study):
    edit(study, "- resnet18", "- vgg11_bn")
    said = check_in(study.root)
    assert said.code == 2
    assert said.line("runs") == "! some cannot be computed"
    assert "params.yaml: train.grid.model: vgg11_bn cannot take images of 28 px" in said.err
    assert "; 32 px works" in said.err


def test_a_parameter_that_scikit_learn_does_not_take_is_named_in_its_words(study):
    edit(study, "C: 0.01", "C: -0.01")
    said = check_in(study.root).err
    assert "baseline.configs.logistic_regression: The 'C' parameter of LogisticRegression" in said
