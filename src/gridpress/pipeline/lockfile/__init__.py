"""dvc.lock: what it says, whether that is true of the files, and how it survives what DVC and Git do to it.

Everything here works without importing DVC, which takes longer than most of it.
"""
