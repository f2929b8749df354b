"""torchvision's networks: which there are, and how one is built.

The file that builds them decides the results of training runs; the list of names does not.
"""
