"""Small networks, one file each: `build(channels, classes, image_size)` gives it, its name is the file's.

Another one is another file here; the runs of no other network depend on it.
"""
