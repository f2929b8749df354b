"""What a worker needs, imported by the process that all of them are forked from."""

from gridpress.repro.work import versions

versions()  # of the code as it is imported, not of what lies there when a worker is asked for it

import distributed.nanny  # noqa: E402, F401

import gridpress.stages.svm  # noqa: E402
import gridpress.stages.train  # noqa: E402, F401
