"""Training of one network. Everything here decides every result of the stage `train`."""
