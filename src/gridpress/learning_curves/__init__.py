"""What validation chose, with other numbers of images and epochs: the runs, and their parameters."""
