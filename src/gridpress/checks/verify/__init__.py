"""Whether the results in the repository are what the code computes from the data.

What is found, and with which effort:

- By reading, in seconds, for all records: data that are not the pinned files, or that their record describes
  wrongly; a file that dvc.lock does not record as it is; code or parameters that changed since; a record that
  contradicts itself, params.yaml or the labels of the images; a summary that is not that of the records. So
  an edit is found if it forgets dvc.lock, or if it changes an accuracy without the list of misclassified
  images.
- By computing again, in the time that a run takes, for the runs that are named or drawn: every other edit of
  a record. On the same kind of machine with the same versions a single byte that differs is found. Elsewhere
  the last bits of a computation differ, and an accuracy is held against an interval: an edit that stays
  within it is not found there. Runs are drawn anew each time, so that nobody knows which will be.
- Not at all: an edit of seconds or of a hardware record, which are measurements, if dvc.lock goes with it;
  and code that is wrong. A timing record that names another machine brings the interval instead of the bytes.
"""

from __future__ import annotations

from gridpress.checks.verify.verify import verify

__all__ = ["verify"]
