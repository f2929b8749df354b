from __future__ import annotations

from gridpress.report.data.study import Study
from gridpress.report.sections.svm import fit_time, heatmaps, svm_tables
from report.builder import parameters, write_study


def test_table_shows_every_record(study):
    tables = list(svm_tables.tables(study))
    assert [table.reference for table in tables] == ["tbl-svm-mnist", "tbl-svm-fashion-mnist"]
    shown = [[cell.text for cell in row if not cell.head] for row in tables[1].body]
    records = [record for record in study.svm.values() if record.dataset == "fashion_mnist"]
    assert [row[2] for row in shown] == [f"{100 * record.test.accuracy:.2f}" for record in records]
    assert [row[5] for row in shown] == [str(sum(record.support_vectors)) for record in records]


def test_unconverged_svm_is_marked_and_explained(study, tmp_path):
    project = write_study(tmp_path, parameters())
    key = "mnist-rbf-C1-gscale"
    record = study.svm[key].model_copy(update={"converged": False})
    project.record("svm", key).write_text(record.model_dump_json(), encoding="utf-8")
    table = next(iter(svm_tables.tables(Study.load(project))))
    assert [cell.text for row in table.body for cell in row if cell.text.endswith("*")] == ["500*"]
    assert "before it converged" in table.caption


def test_one_heatmap_per_kernel_on_one_scale(study):
    figures = list(heatmaps.kernel_heatmaps(study))
    assert [figure.reference for figure in figures] == ["fig-svm-poly", "fig-svm-rbf"]
    scales = [drawn.axes[-1].get_xlim() for drawn in (figure.draw() for figure in figures)]
    assert scales[0] == scales[1]


def test_missing_svm_has_a_dash(tmp_path):
    project = write_study(tmp_path, parameters(datasets=["mnist"]))
    project.record("svm", "mnist-rbf-C1-gscale").unlink()
    table = next(iter(svm_tables.tables(Study.load(project))))
    row = [cell.text for cell in table.body[10]]
    assert row[-6:] == ["–"] * 6


def test_without_timings_there_is_no_time_figure(tmp_path):
    project = write_study(tmp_path, parameters(datasets=["mnist"]))
    for path in project.timing("svm", "x").parent.glob("*.json"):
        path.unlink()
    study = Study.load(project)
    assert list(fit_time.accuracy_and_fit_time(study)) == []
    assert len(list(svm_tables.tables(study))) == 1


def test_an_svm_is_named_with_its_kernel_once():
    row = {"kernel": "poly", "degree": 2, "C": 0.1, "gamma": "scale"}
    assert svm_tables.name(row) == "polynomial kernel, degree 2, C 0.1, gamma scale"


def test_kernels_inside_a_sentence_are_lower_case(study):
    poly, rbf = heatmaps.kernel_heatmaps(study)
    assert "as for the polynomial kernel" in rbf.caption
    assert poly.caption.startswith("Polynomial kernel: ")
    assert "of the polynomial kernel" in poly.alt


KERNELS = {
    "lin-C1": {"kernel": "linear", "C": 1.0},
    "lin-C10": {"kernel": "linear", "C": 10.0},
    "sig-C1": {"kernel": "sigmoid", "C": 1.0, "gamma": "scale"},
    "rbf-C1-gscale": {"kernel": "rbf", "C": 1.0, "gamma": "scale"},
}


def test_linear_and_sigmoid_kernels_are_kernels_like_the_others(build):
    study = build(svm={"configs": KERNELS})
    table = next(iter(svm_tables.tables(study)))
    assert next([cell.text for cell in row][:4] for row in table.body) == ["Linear", "–", "1", "–"]
    figures = {figure.name: figure for figure in heatmaps.kernel_heatmaps(study)}
    assert set(figures) == {"svm-linear", "svm-sigmoid", "svm-rbf"}
    for figure in figures.values():
        figure.draw()
    assert "Linear kernel: test accuracy in percent, on the same scale as for the sigmoid and RBF kernel" in (
        figures["svm-linear"].caption
    )
    assert (
        svm_tables.name({"kernel": "linear", "degree": None, "C": 1.0, "gamma": None}) == "linear kernel, C 1"
    )
