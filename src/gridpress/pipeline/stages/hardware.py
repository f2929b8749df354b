"""`gridpress hardware --machine NAME`."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from gridpress.benchmark.measure import measure
from gridpress.benchmark.persist import decide, line_to_add, recorded_fingerprint
from gridpress.benchmark.plan import Plan
from gridpress.benchmark.unmeasurable import unmeasurable
from gridpress.config.params import Params, load_params
from gridpress.config.values import Name
from gridpress.errors import InputError
from gridpress.messages import counted
from gridpress.pipeline.stages.images import verified_images
from gridpress.pipeline.stages.runs import say_versions
from gridpress.progress import console, progress
from gridpress.study import profiles
from gridpress.study.project import Project
from gridpress.study.records.store import save
from gridpress.system.machine import describe, fingerprint


def run(project: Project, name: str, profile: str | None = None) -> None:
    """Measure this machine under a name, unless the name is another machine's.

    Args:
        project: the study.
        name: of the record.
        profile: whose settings of measurement to use instead of the study's own, with the study's images.

    Raises:
        InputError: the name cannot be one, params.yaml or the profile is not right, a network cannot be
            measured, or a record of the full size would be replaced by a quick one.
        GridpressError: the data are missing, or the record cannot be read or written.
    """
    try:
        TypeAdapter(Name).validate_python(name)
    except ValidationError as error:
        [fault] = error.errors()
        raise InputError(f"--machine is {name!r}; it {fault['ctx']['error']}") from None
    study = load_params(project.params)
    params = _measured_as(study, profiles.load(project, profile)) if profile else study
    machine = describe()
    path = project.record("hardware", name)
    decision = decide(name, recorded_fingerprint(path), fingerprint(machine))
    console.print(decision.message, markup=False)
    if not decision.measure:
        return
    say_versions(machine)
    toy = params.hardware.measure != study.hardware.measure
    if toy and path.is_file():
        raise InputError(f"{name} has a record of the full size; give the quick one a name of its own")
    if faults := [*unmeasurable(params)]:
        raise InputError("\n".join(faults))
    dataset = params.dataset(params.datasets[0])
    plan = Plan.make(params.hardware.measure, params.optimizers, params.svm, dataset, machine)
    images = verified_images(project, params, params.datasets[0])
    console.print(
        f"about {plan.seconds / 60:.0f} minutes for {counted(len(plan.timed), 'case')}", markup=False
    )
    with progress(f"hardware {name}", plan.seconds) as advance:
        record = measure(plan, name, images, advance)
    save(record, path)
    if record.foreign_load.heavy:
        console.print("Other processes were busy meanwhile; the record says so. Better measure again.")
    if toy:
        console.print("This is no record for the report: it is of another size than params.yaml asks for.")
    elif name not in study.hardware.machines:
        console.print(line_to_add(name), markup=False)


def _measured_as(study: Params, other: Params) -> Params:
    """The study's own parameters, but those that decide how hardware is measured."""
    keys = ("hardware", "optimizers", "svm")
    return study.model_copy(update={key: getattr(other, key) for key in keys})
