"""Networks by name: torchvision's, and small ones of our own.

What decides the results of a run is `building`, and the file that `names.source` gives; names do not.
"""
