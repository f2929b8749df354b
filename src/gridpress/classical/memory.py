"""How much memory a fit may take."""

LARGEST_MATRIX = 2**30  # bytes of a kernel matrix that may be precomputed: up to 11,585 training images
