"""Makes .venv with the pinned packages, and makes it again where it cannot be used: what `make` calls first.

Nothing but Python is needed; it is also read by versions that are too old, to say so.
"""

import hashlib
import os
import shutil
import subprocess
import sys

LEAST = (3, 11)
PINS = ("pyproject.toml", "constraints.txt")
LEFT_OUT = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_USER")  # they lead elsewhere
VENV = ".venv"
READY = "ready"  # what was installed, and where


class Refusal(Exception):  # noqa: N818  # it is no error of ours
    """What a person has to do first."""


def prepare(root, install=None):
    """Leave an environment that can be used in the folder `root`.

    Args:
        root: the folder of pyproject.toml.
        install: called with the path of the environment's Python; by default pip installs what is pinned.

    Raises:
        Refusal: a person has to do something first; says what.
    """
    if sys.version_info < LEAST:
        found = ".".join(map(str, sys.version_info[:2]))
        raise Refusal(
            "Gridpress needs Python 3.11 or newer, and this is %s; name one: make PYTHON=python3.11" % found
        )
    for sign, named in (('"', "a double quote"), (os.pathsep, "a colon"), ("\n", "a line end")):
        if sign in root:
            raise Refusal(
                "%s: pip and PATH cannot serve a folder with %s in its name; rename it" % (root, named)
            )
    venv = os.path.join(root, VENV)
    if ready(root, venv):
        return
    fault = broken(venv)
    if fault:
        say("%s %s: it is made again" % (VENV, fault))
        remove(venv)
    if not os.path.lexists(venv):
        create(venv)
    python = python_of(venv)
    if not has_pip(python) and not (works(python, "-m", "ensurepip") and has_pip(python)):
        remove(venv)
        raise Refusal(without_pip())
    say("Installing into %s: some minutes the first time." % VENV)
    (install or pip)(python)
    with open(os.path.join(venv, READY), "w", encoding="utf-8") as file:
        file.write(wanted(root, venv))


def ready(root, venv):
    """Whether everything was installed, here, from the files as they are now."""
    try:
        with open(os.path.join(venv, READY), encoding="utf-8") as file:
            return file.read() == wanted(root, venv) and broken(venv) is None and has_pip(python_of(venv))
    except OSError:
        return False


def wanted(root, venv):
    """What the file of a finished environment holds."""
    digest = hashlib.sha256()
    for name in PINS:
        with open(os.path.join(root, name), "rb") as file:
            digest.update(file.read())
    return "%s\n%s\n" % (venv, digest.hexdigest())


def broken(venv):
    """Why an environment that is there cannot be used; None if it can, or if there is none."""
    if not os.path.lexists(venv):
        return None
    if not works(python_of(venv), "-c", ""):
        return "has no Python that starts"
    for name in ("pip", "gridpress"):
        script = os.path.join(venv, "bin", name)
        if os.path.isfile(script):
            with open(script, "rb") as file:
                begin = file.read(4096)
            python = os.fsencode(python_of(venv))  # in the line that says what runs it
            if not begin.startswith(b"#!" + python) and b'"' + python not in begin:
                return "was made for another folder"
    return None


def create(venv):
    """Make an empty environment, whole or not at all."""
    # make finds the Python of the environment first, which may just have been deleted
    base = getattr(sys, "_base_executable", sys.executable)
    done = subprocess.run([base, "-m", "venv", venv], env=surroundings(), check=False, stdout=subprocess.PIPE)
    if done.returncode != 0:
        remove(venv)
        raise Refusal(without_pip())


def remove(venv):
    """Delete an environment, or the link to one."""
    if os.path.islink(venv):
        os.unlink(venv)
    else:
        shutil.rmtree(venv, ignore_errors=True)


def pip(python):
    """Install the study's package and all that it needs, in the pinned versions."""
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-user"]
    # pip would compile every module, of which a fraction is ever imported
    command += ["--no-compile", "--constraint", "constraints.txt", "--editable", ".[dev]"]
    if subprocess.run(command, env=surroundings(), check=False).returncode != 0:
        raise Refusal("pip could not install everything, as it says above; `make` again goes on from there")
    compile_imported(python)


def compile_imported(python):
    """Import what the commands do, once: Python keeps what it compiles then, whatever it is told besides."""
    variables = {name: value for name, value in surroundings().items() if name != "PYTHONDONTWRITEBYTECODE"}
    modules = ("dvc.cli", "gridpress.pipeline.repro.preload", "gridpress.report.document")
    started = [subprocess.Popen([python, "-c", "import %s" % name], env=variables) for name in modules]
    for process in started:
        process.wait()


def without_pip():
    """What helps where Python comes without venv or pip."""
    return (
        "This Python cannot make an environment with pip in it. On Debian and Ubuntu "
        "`sudo apt install python3-venv` (or python%d.%d-venv) helps; "
        "elsewhere another Python: make PYTHON=..." % sys.version_info[:2]
    )


def works(*command):
    """Whether a program does what it is asked."""
    try:
        done = subprocess.run(
            command, env=surroundings(), check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        return False
    return done.returncode == 0


def has_pip(python):
    """Whether an environment can install; not where its Python was upgraded, or was made without."""
    return works(python, "-c", "import pip._internal.cli.main")


def python_of(venv):
    """The environment's own Python."""
    return os.path.join(venv, "bin", "python")


def surroundings():
    """The variables of this process without those that lead Python or pip elsewhere."""
    return {
        **{name: value for name, value in os.environ.items() if name not in LEFT_OUT},
        "PYTHONNOUSERSITE": "1",
    }


def say(text):
    """To a person, at once."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    try:
        prepare(os.path.dirname(os.path.abspath(__file__)))
    except Refusal as refusal:
        say(str(refusal))
        sys.exit(2)
