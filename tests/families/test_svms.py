from __future__ import annotations

from gridpress.classical.memory import LARGEST_MATRIX
from gridpress.families.svms import SVMS


def test_an_svm_is_named_by_its_kernel():
    assert [SVMS.title(kernel) for kernel in ("rbf", "poly")] == ["RBF SVM", "Polynomial SVM"]


def test_the_time_of_a_fit_grows_with_the_square_of_the_training_images(params):
    run = next(iter(SVMS.runs(params).values()))
    unit = (run.config.kernel, run.config.degree)
    assert SVMS.seconds(run, params, {unit: 2e-6}) == 2e-6 * params.used(run.dataset)["train"] ** 2
    assert SVMS.seconds(run, params, {}) is None


def test_a_fit_takes_a_kernel_matrix_only_where_one_is_precomputed(params):
    def memory(images):
        data = params.data.model_copy(update={"train_samples": images})
        return SVMS.memory(params.model_copy(update={"data": data}))

    fits = int((LARGEST_MATRIX / 8) ** 0.5)
    assert memory(fits) > LARGEST_MATRIX * 0.99
    assert memory(fits + 1) < memory(fits)
